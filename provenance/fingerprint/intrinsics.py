"""Machine operations on 64 bytes at once that numba has no words for, as LLVM vectors.

LLVM turns them into AVX-512, AVX2, SSE2 or NEON instructions, whichever the processor has. Two
exist in one piece only on processors with AVX-512 VBMI (of Intel since 2019, of AMD since 2022).
One of them is put together from AVX2 where there is that; else the plain loop that says what they
do is compiled in their place.
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

BLOCK = 64
"""Bytes looked at together: one bit each in a 64-bit mask."""

_BYTE = ir.IntType(8)
_PLACE = ir.IntType(32)
_WORD = ir.IntType(64)
_VECTOR = ir.VectorType(_BYTE, BLOCK)
_FLAGS = ir.VectorType(ir.IntType(1), BLOCK)
_QUARTER = ir.VectorType(_PLACE, BLOCK // 4)
_ONE = np.uint64(1)


def _splat(byte: int) -> ir.Constant:
    return ir.Constant(_VECTOR, [byte] * BLOCK)


def _spread(builder: Any, value: Any, vector: ir.VectorType) -> Any:
    """A vector that has the value in every lane."""
    nothing = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(nothing, value, _PLACE(0))
    lanes = ir.Constant(ir.VectorType(_PLACE, vector.count), [0] * vector.count)
    return builder.shuffle_vector(first, nothing, lanes)


def address(context: Any, builder: Any, array_type: Any, array: Any, offset: Any) -> Any:
    """Pointer to the item at `offset` of an array."""
    data = context.make_array(array_type)(context, builder, array).data
    return builder.gep(data, [offset])


def load(
    context: Any, builder: Any, array_type: Any, array: Any, offset: Any,
    vector: ir.VectorType = _VECTOR,
) -> Any:  # fmt: skip
    """A vector, of 64 bytes unless told, from the items of ``array[offset:]``."""
    pointer = address(context, builder, array_type, array, offset)
    return builder.load(builder.bitcast(pointer, vector.as_pointer()), align=1)


def store(context: Any, builder: Any, vector: Any, array_type: Any, array: Any, to: Any) -> None:
    """Write a vector into the items of ``array[to:]``."""
    pointer = address(context, builder, array_type, array, to)
    builder.store(vector, builder.bitcast(pointer, vector.type.as_pointer()), align=1)


def has(context: Any, feature: str) -> bool:
    """Whether code is being made for a processor that has the feature."""
    return f"+{feature}" in context.codegen().magic_tuple()[2].split(",")


@intrinsic
def fold_ascii(_typing: Any, source: Any, at: Any, target: Any, to: Any) -> Any:
    """Fold the ASCII among 64 bytes from ``source[at:]`` into ``target[to:]``.

    Letters become lower case, digits stay, as do bytes beyond ASCII; all else becomes a space.
    Returns two masks: a bit for each apostrophe, and one for each byte beyond ASCII.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        source, at, target, to = args
        octets = load(context, builder, signature.args[0], source, at)
        lower = builder.or_(octets, _splat(0x20))
        letter = builder.icmp_unsigned("<", builder.sub(lower, _splat(ord("a"))), _splat(26))
        digit = builder.icmp_unsigned("<", builder.sub(octets, _splat(ord("0"))), _splat(10))
        folded = builder.select(builder.or_(letter, digit), lower, _splat(0x20))
        beyond = builder.icmp_signed("<", octets, _splat(0))
        folded = builder.select(beyond, octets, folded)
        store(context, builder, folded, signature.args[2], target, to)
        quote = builder.icmp_unsigned("==", octets, _splat(ord("'")))
        tick = builder.icmp_unsigned("==", octets, _splat(ord("`")))
        masks = builder.bitcast(builder.or_(quote, tick), _WORD), builder.bitcast(beyond, _WORD)
        return context.make_tuple(builder, signature.return_type, masks)

    return types.UniTuple(types.uint64, 2)(source, types.int64, target, types.int64), generate


@intrinsic
def between(_typing: Any, source: Any, at: Any, low: Any, high: Any) -> Any:
    """Mask of the 64 bytes from ``source[at:]`` with a bit for each from `low` to `high`."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        source, at, low, high = args
        octets = load(context, builder, signature.args[0], source, at)
        above = builder.sub(octets, _spread(builder, low, _VECTOR))
        width = _spread(builder, builder.sub(high, low), _VECTOR)
        return builder.bitcast(builder.icmp_unsigned("<=", above, width), _WORD)

    return types.uint64(source, types.int64, types.uint8, types.uint8), generate


@intrinsic
def not_spaces(_typing: Any, source: Any, at: Any) -> Any:
    """Mask of the 64 bytes from ``source[at:]`` with a bit for each that is no space."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        octets = load(context, builder, signature.args[0], *args)
        return builder.bitcast(builder.icmp_unsigned("!=", octets, _splat(0x20)), _WORD)

    return types.uint64(source, types.int64), generate


@intrinsic
def change(_typing: Any, target: Any, to: Any, mask: Any, keep: Any, flip: Any) -> Any:
    """Of the 64 bytes from ``target[to:]``, those in the mask become ``byte & keep ^ flip``."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        target, to, mask, keep, flip = args
        octets = load(context, builder, signature.args[0], target, to)
        changed = builder.and_(octets, _spread(builder, keep, _VECTOR))
        changed = builder.xor(changed, _spread(builder, flip, _VECTOR))
        result = builder.select(builder.bitcast(mask, _FLAGS), changed, octets)
        store(context, builder, result, signature.args[0], target, to)
        return context.get_dummy_value()

    byte = types.uint8
    return types.void(target, types.int64, types.uint64, byte, byte), generate


def _permute_all(builder: Any, row: Any, octets: Any) -> Any:
    """Of a row of 64 bytes the one at the low 6 bits of each byte: one instruction."""
    permute = cgutils.get_or_insert_function(
        builder.module,
        ir.FunctionType(_VECTOR, [_VECTOR, _VECTOR]),
        "llvm.x86.avx512.permvar.qi.512",
    )
    return builder.call(permute, [row, octets])


def _permute_halves(builder: Any, row: Any, octets: Any) -> Any:
    """The same 32 bytes at a time, in each quarter of the row; bits 4 and 5 then choose one.

    AVX2 looks up the low 4 bits of a byte whose top bit is clear, and chooses by the top bit.
    """
    half = ir.VectorType(_BYTE, BLOCK // 2)
    pairs = ir.VectorType(ir.IntType(16), half.count // 2)
    shuffle = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(half, [half, half]), "llvm.x86.avx2.pshuf.b"
    )
    low = builder.and_(octets, _splat(BLOCK - 1))

    def lanes(vector: Any, places: list[int]) -> Any:
        return builder.shuffle_vector(
            vector, vector, ir.Constant(ir.VectorType(_PLACE, len(places)), places)
        )

    def choose(part: Any, shift: int, clear: Any, set: Any) -> Any:
        """By the bit of each byte that is at the top after a shift to the left."""
        shifted = builder.shl(builder.bitcast(part, pairs), ir.Constant(pairs, [shift] * 16))
        top = builder.icmp_signed("<", builder.bitcast(shifted, half), ir.Constant(half, [0] * 32))
        return builder.select(top, set, clear)

    tables = [lanes(row, 2 * list(range(start, start + 16))) for start in range(0, BLOCK, 16)]
    halves = []
    for start in (0, half.count):
        part = lanes(low, list(range(start, start + half.count)))
        found = [builder.call(shuffle, [table, part]) for table in tables]
        found = [choose(part, 3, *found[:2]), choose(part, 3, *found[2:])]
        halves.append(choose(part, 2, *found))
    every = ir.Constant(ir.VectorType(_PLACE, BLOCK), list(range(BLOCK)))
    return builder.shuffle_vector(*halves, every)


def look_up_each(source: Any, at: Any, rows: Any, row: Any, mask: Any, target: Any, to: Any) -> Any:
    """What `look_up` does, byte by byte."""
    ascii = np.uint64(0)
    while mask != 0:
        place = lowest_bit(mask)
        found = rows[row, source[at + place] & 63]
        target[to + place] = found
        ascii |= np.uint64(found < 0x80) << np.uint64(place)
        mask &= mask - _ONE
    return ascii


@intrinsic
def look_up(
    _typing: Any, source: Any, at: Any, rows: Any, row: Any, mask: Any, target: Any, to: Any
) -> Any:
    """Look up the bytes of ``source[at:]`` that are in the mask, into their places in the target.

    A row has 64 bytes; the low 6 bits of a byte are its place in it. Returns a mask of those for
    which ASCII stands there.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if has(context, "avx512vbmi"):
            permute = _permute_all
        elif has(context, "avx2"):
            permute = _permute_halves
        else:
            return context.compile_internal(builder, look_up_each, signature, args)
        source, at, rows, row, mask, target, to = args
        octets = load(context, builder, signature.args[0], source, at)
        start = builder.mul(row, _WORD(BLOCK))
        found = permute(builder, load(context, builder, signature.args[2], rows, start), octets)
        former = load(context, builder, signature.args[5], target, to)
        result = builder.select(builder.bitcast(mask, _FLAGS), found, former)
        store(context, builder, result, signature.args[5], target, to)
        ascii = builder.bitcast(builder.icmp_signed(">=", found, _splat(0)), _WORD)
        return builder.and_(ascii, mask)

    word, mask_type = types.int64, types.uint64
    return mask_type(source, word, rows, word, mask_type, target, word), generate


def write_places_each(mask: Any, base: Any, target: Any, to: Any) -> None:
    """What `write_places` does, eight at a time: a branch for each would be mispredicted."""
    while mask != 0:
        for step in range(8):
            target[to + step] = base + lowest_bit(mask)
            mask &= mask - _ONE
        to += 8


@intrinsic
def write_places(_typing: Any, mask: Any, base: Any, target: Any, to: Any) -> Any:
    """Places of the mask's set bits, plus `base`, into ``target[to:]``; room for 64 is needed."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if not has(context, "avx512vbmi2"):
            return context.compile_internal(builder, write_places_each, signature, args)
        mask, base, target, to = args
        compress = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(_VECTOR, [_VECTOR, _VECTOR, _FLAGS]),
            "llvm.x86.avx512.mask.compress.v64i8",
        )
        every = ir.Constant(_VECTOR, list(range(BLOCK)))
        places = builder.call(compress, [every, _splat(0), builder.bitcast(mask, _FLAGS)])
        bases = _spread(builder, builder.trunc(base, _PLACE), _QUARTER)
        pointer = address(context, builder, signature.args[2], target, to)
        for start in range(0, BLOCK, _QUARTER.count):
            lanes = list(range(start, start + _QUARTER.count))
            part = builder.shuffle_vector(places, places, ir.Constant(_QUARTER, lanes))
            part = builder.add(builder.zext(part, _QUARTER), bases)
            place = builder.bitcast(builder.gep(pointer, [_WORD(start)]), _QUARTER.as_pointer())
            builder.store(part, place, align=4)
        return context.get_dummy_value()

    return types.void(types.uint64, types.int64, target, types.int64), generate


@intrinsic
def load_word(_typing: Any, source: Any, at: Any) -> Any:
    """The 8 bytes from ``source[at:]`` as one little-endian 64-bit word, aligned or not."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = address(context, builder, signature.args[0], *args)
        word = builder.load(builder.bitcast(pointer, _WORD.as_pointer()), align=1)
        return word if _little_endian(context) else builder.bswap(word)

    return types.uint64(source, types.int64), generate


@intrinsic
def lowest_bit(_typing: Any, word: Any) -> Any:
    """Place of the lowest set bit of a 64-bit word; 64 when none is set."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], cgutils.false_bit)

    return types.int64(types.uint64), generate


@intrinsic
def bit_count(_typing: Any, word: Any) -> Any:
    """Number of set bits of a 64-bit word."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.uint64), generate


def _little_endian(context: Any) -> bool:
    return str(context.target_data).startswith("e")
