"""Python strings to UTF-8, compiled: out of their own memory, without a copy in between.

Python holds all code points of a string in units of one, two or four bytes. Eight units are encoded
at once, each in a lane of 32 bits; for each half a look-up by their lengths says how the bytes move
together. That takes SSSE3; elsewhere, and beyond the basic plane, they are encoded one by one.
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import carray, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from provenance.fingerprint.codepoints import encode
from provenance.fingerprint.compiled import U8, compiled, part
from provenance.fingerprint.intrinsics import has, load, store

MOST_BYTES = 4
"""Bytes for each code point at most."""
STEP = 8
HALF = 4
UNITS = 16
"""Units looked at together."""

Units = NDArray[np.unsignedinteger[Any]]
_OCTETS = ir.VectorType(ir.IntType(8), 4 * HALF)
_LANES = ir.VectorType(ir.IntType(32), STEP)
_BOTH = ir.VectorType(ir.IntType(8), 4 * STEP)
_NIBBLE = ir.IntType(HALF)
_WORD = ir.IntType(64)


def _moves() -> U8:
    """Where the bytes of half a step come from, by how many bytes its units take.

    The low four bits of an index say which units take two bytes or more, the high ones which take
    three.
    """
    places = np.full((256, 4 * HALF), 0x80, dtype=np.uint8)
    for index in range(256):
        lengths = [1 + (index >> lane & 1) + (index >> lane + HALF & 1) for lane in range(HALF)]
        taken = [4 * lane + place for lane in range(HALF) for place in range(lengths[lane])]
        places[index, : len(taken)] = taken
    return places


MOVES = _moves()


@lru_cache(maxsize=1)
def writer() -> Callable[[str, U8, int], int]:
    """The machine code of `write_text`.

    To find out the types of its arguments takes numba longer than to encode a long article.
    """
    return write_text.compile((types.unicode_type, types.uint8[::1], types.int64))


@compiled
def write_text(text: str, data: U8, to: int) -> int:
    """Write a text as UTF-8, lone surrogates as question marks.

    Args:
        text: The text.
        data: Written from `to` on; needs `MOST_BYTES` for each code point, and 16 bytes more.
        to: Where it goes.

    Returns:
        Where the next goes.
    """
    units, count, width = _memory(text)
    if width == 1:
        return _write_units(carray(units, count, np.uint8), data, to)
    if width == 2:
        return _write_units(carray(units, count, np.uint16), data, to)
    return _write_units(carray(units, count, np.uint32), data, to)


@intrinsic
def _memory(_typing: Any, text: Any) -> Any:
    """Where the units of a string are, how many, and the bytes of each."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        held = cgutils.create_struct_proxy(types.unicode_type)(context, builder, args[0])
        width = builder.zext(held.kind, _WORD)
        return context.make_tuple(builder, signature.return_type, [held.data, held.length, width])

    return types.Tuple((types.voidptr, types.intp, types.int64))(text), generate


@part
def _write_units(units: Units, data: U8, to: int) -> int:
    at, end = np.int64(0), len(units)  # typed, see `utf8.fold`
    while at + UNITS <= end:
        beyond, odd = _write_ascii(units, at, data, to)
        if beyond == 0:
            at += UNITS
            to += UNITS
            continue
        if odd == 0:
            for start in range(at, at + UNITS, STEP):
                to += _write_step(units, start, MOVES, data, to)
        else:
            to = _write_each(units, at, at + UNITS, data, to)
        at += UNITS
    return _write_each(units, at, end, data, to)


@part
def _write_each(units: Units, at: int, end: int, data: U8, to: int) -> int:
    """Encode units one by one."""
    for place in range(at, end):
        code = np.int64(units[np.uint64(place)])
        to = encode(ord("?") if code >> 11 == 0xD800 >> 11 else code, data, to)
    return to


@intrinsic
def _write_ascii(_typing: Any, units: Any, at: Any, data: Any, to: Any) -> Any:
    """Write `UNITS` units as if all were ASCII.

    Returns two masks: of those that are not, and of surrogates and what is beyond the basic plane.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        units, at, data, to = args
        width = signature.args[0].dtype.bitwidth
        kind = ir.VectorType(ir.IntType(width), UNITS)

        def every(value: int) -> ir.Constant:
            return ir.Constant(kind, [value & (1 << width) - 1] * UNITS)

        def mask(flags: Any) -> Any:
            return builder.zext(builder.bitcast(flags, ir.IntType(UNITS)), _WORD)

        codes = load(context, builder, signature.args[0], units, at, kind)
        octets = codes if width == 8 else builder.trunc(codes, ir.VectorType(ir.IntType(8), UNITS))
        store(context, builder, octets, signature.args[2], data, to)
        beyond = mask(builder.icmp_unsigned(">", codes, every(0x7F)))
        odd = _WORD(0)
        if width > 8:
            prefix = builder.and_(codes, every(0xF800))
            odd = mask(builder.icmp_unsigned("==", prefix, every(0xD800)))
        if width > 16:
            odd = builder.or_(odd, mask(builder.icmp_unsigned(">", codes, every(0xFFFF))))
        return context.make_tuple(builder, signature.return_type, (beyond, odd))

    return types.UniTuple(types.uint64, 2)(units, types.int64, data, types.int64), generate


def write_step_each(units: Any, at: Any, _moves: Any, data: Any, to: Any) -> Any:
    """What `_write_step` does, one by one."""
    return _write_each(units, at, at + STEP, data, to) - to


@intrinsic
def _write_step(_typing: Any, units: Any, at: Any, moves: Any, data: Any, to: Any) -> Any:
    """Write the `STEP` units of ``units[at:]``, none of them odd; the number of bytes."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if not has(context, "ssse3"):
            return context.compile_internal(builder, write_step_each, signature, args)
        units, at, moves, data, to = args
        kind = ir.VectorType(ir.IntType(signature.args[0].dtype.bitwidth), STEP)
        codes = load(context, builder, signature.args[0], units, at, kind)
        codes = codes if kind == _LANES else builder.zext(codes, _LANES)
        two = builder.icmp_unsigned(">", codes, _every(0x7F))
        three = builder.icmp_unsigned(">", codes, _every(0x7FF))
        lanes = builder.select(three, _three(builder, codes), _two(builder, codes))
        lanes = builder.bitcast(builder.select(two, lanes, codes), _BOTH)
        twos, threes = (builder.bitcast(flags, ir.IntType(STEP)) for flags in (two, three))
        shuffle = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(_OCTETS, [_OCTETS, _OCTETS]),
            "llvm.x86.ssse3.pshuf.b.128",
        )  # fmt: skip
        end = to
        for start in (0, HALF):
            low, high = (
                builder.zext(builder.trunc(builder.lshr(flags, flags.type(start)), _NIBBLE), _WORD)
                for flags in (twos, threes)
            )
            index = builder.or_(low, builder.shl(high, _WORD(HALF)))
            places = load(
                context, builder, signature.args[2], moves,
                builder.mul(index, _WORD(4 * HALF)), _OCTETS,
            )  # fmt: skip
            half = [ir.IntType(32)(place) for place in range(4 * start, 4 * (start + HALF))]
            octets = builder.shuffle_vector(
                lanes, lanes, ir.Constant(ir.VectorType(ir.IntType(32), 4 * HALF), half)
            )
            octets = builder.call(shuffle, [octets, places])
            store(context, builder, octets, signature.args[3], data, end)
            end = builder.add(end, builder.add(builder.ctpop(index), _WORD(HALF)))
        return builder.sub(end, to)

    return types.int64(units, types.int64, moves, data, types.int64), generate


def _every(value: int) -> ir.Constant:
    return ir.Constant(_LANES, [value] * STEP)


def _bits(builder: Any, codes: Any, right: int, place: int) -> Any:
    """Six bits of each code point as a byte of its lane."""
    bits = builder.and_(builder.lshr(codes, _every(right)), _every(0x3F))
    return builder.shl(bits, _every(8 * place))


def _two(builder: Any, codes: Any) -> Any:
    octets = builder.or_(builder.lshr(codes, _every(6)), _bits(builder, codes, 0, 1))
    return builder.or_(octets, _every(0x80C0))


def _three(builder: Any, codes: Any) -> Any:
    octets = builder.or_(builder.lshr(codes, _every(12)), _bits(builder, codes, 6, 1))
    octets = builder.or_(octets, _bits(builder, codes, 0, 2))
    return builder.or_(octets, _every(0x8080E0))
