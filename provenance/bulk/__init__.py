"""The compiled kernel and the out-of-core pipeline behind `dedup`."""
