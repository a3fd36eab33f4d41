"""The pipeline of `dedup` on a Spark cluster: the same kernel and rules, by shuffles and joins."""
