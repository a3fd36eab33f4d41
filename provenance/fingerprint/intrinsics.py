"""The three machine operations numba has no words for, as LLVM vectors of any width.

LLVM turns them into AVX-512, AVX2, SSE2 or NEON instructions, whichever the processor has.
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

BLOCK = 64
"""Bytes looked at together: one bit each in a 64-bit mask."""

_BYTE = ir.IntType(8)
_WORD = ir.IntType(64)
_VECTOR = ir.VectorType(_BYTE, BLOCK)


def _splat(byte: int) -> ir.Constant:
    return ir.Constant(_VECTOR, [byte] * BLOCK)


def _address(context: Any, builder: Any, array_type: Any, array: Any, offset: Any) -> Any:
    """Pointer to the byte at `offset` of an array of bytes."""
    data = context.make_array(array_type)(context, builder, array).data
    return builder.gep(data, [offset])


@intrinsic
def fold_ascii(_typing: Any, source: Any, at: Any, target: Any, to: Any) -> Any:
    """Fold 64 bytes of ASCII from ``source[at:]`` into ``target[to:]``.

    Letters become lower case, digits stay, all else becomes a space. Returns a mask with a bit
    for each byte that ends the run this holds for: an apostrophe, or a byte that is not ASCII.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        source, at, target, to = args
        pointer = _address(context, builder, signature.args[0], source, at)
        octets = builder.load(builder.bitcast(pointer, _VECTOR.as_pointer()), align=1)
        lower = builder.or_(octets, _splat(0x20))
        letter = builder.icmp_unsigned("<", builder.sub(lower, _splat(ord("a"))), _splat(26))
        digit = builder.icmp_unsigned("<", builder.sub(octets, _splat(ord("0"))), _splat(10))
        folded = builder.select(builder.or_(letter, digit), lower, _splat(0x20))
        pointer = _address(context, builder, signature.args[2], target, to)
        builder.store(folded, builder.bitcast(pointer, _VECTOR.as_pointer()), align=1)
        quote = builder.icmp_unsigned("==", octets, _splat(ord("'")))
        tick = builder.icmp_unsigned("==", octets, _splat(ord("`")))
        beyond = builder.icmp_signed("<", octets, _splat(0))
        return builder.bitcast(builder.or_(builder.or_(quote, tick), beyond), _WORD)

    return types.uint64(source, types.int64, target, types.int64), generate


@intrinsic
def not_spaces(_typing: Any, source: Any, at: Any) -> Any:
    """Mask of the 64 bytes from ``source[at:]`` with a bit for each that is no space."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = _address(context, builder, signature.args[0], *args)
        octets = builder.load(builder.bitcast(pointer, _VECTOR.as_pointer()), align=1)
        return builder.bitcast(builder.icmp_unsigned("!=", octets, _splat(0x20)), _WORD)

    return types.uint64(source, types.int64), generate


@intrinsic
def load_word(_typing: Any, source: Any, at: Any) -> Any:
    """The 8 bytes from ``source[at:]`` as one little-endian 64-bit word, aligned or not."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = _address(context, builder, signature.args[0], *args)
        word = builder.load(builder.bitcast(pointer, _WORD.as_pointer()), align=1)
        return word if _little_endian(context) else builder.bswap(word)

    return types.uint64(source, types.int64), generate


@intrinsic
def lowest_bit(_typing: Any, word: Any) -> Any:
    """Place of the lowest set bit of a 64-bit word; 64 when none is set."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], cgutils.false_bit)

    return types.int64(types.uint64), generate


def _little_endian(context: Any) -> bool:
    return str(context.target_data).startswith("e")
