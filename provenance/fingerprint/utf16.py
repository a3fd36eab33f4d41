"""UTF-16 to UTF-8, compiled: Python's own encoder goes through what is not ASCII letter by letter.

Eight units are encoded at once, each in a lane of 32 bits; for each half a look-up by their lengths
says how the bytes move together. That takes SSSE3; elsewhere they are encoded one by one.
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from provenance.fingerprint.codepoints import encode
from provenance.fingerprint.compiled import I64, U8, compiled
from provenance.fingerprint.intrinsics import has, load, store

CODEC = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"
"""Python's name of what is read here; no mark comes first."""
MOST_BYTES = 3
"""Bytes for each unit at most."""
STEP = 8
HALF = 4
UNITS = 16
"""Units looked at together."""

U16 = NDArray[np.uint16]
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


@compiled
def to_utf8(units: U16, starts: I64, data: U8, offsets: I64) -> None:
    """Encode texts end to end.

    Args:
        units: UTF-16 of all texts without lone surrogates, with `UNITS` of anything after the last.
        starts: Where each text begins in it, and the last ends.
        data: Written; needs `MOST_BYTES` for each unit, and 16 bytes more.
        offsets: Written: where each text begins in `data`, and the last ends.
    """
    to = 0
    for text in range(len(starts) - 1):
        offsets[text] = to
        to = _write_text(units, starts[text], starts[text + 1], data, to)
    offsets[-1] = to


@compiled
def _write_text(units: U16, at: int, end: int, data: U8, to: int) -> int:
    while at + UNITS <= end:
        beyond, surrogates = _write_ascii(units, at, data, to)
        if beyond == 0:
            at += UNITS
            to += UNITS
        elif surrogates == 0:
            for _ in range(0, UNITS, STEP):
                to += _write_step(units, at, MOVES, data, to)
                at += STEP
        else:
            at, to = _write_each(units, at, at + UNITS, data, to)
    return _write_each(units, at, end, data, to)[1]


@compiled
def _write_each(units: U16, at: int, end: int, data: U8, to: int) -> tuple[int, int]:
    """Encode units one by one, and the second of a pair that begins before `end`."""
    while at < end:
        code = np.int64(units[np.uint64(at)])
        at += 1
        if 0xD800 <= code < 0xDC00:
            code = 0x10000 + ((code & 0x3FF) << 10 | np.int64(units[np.uint64(at)]) & 0x3FF)
            at += 1
        to = encode(code, data, to)
    return at, to


@intrinsic
def _write_ascii(_typing: Any, units: Any, at: Any, data: Any, to: Any) -> Any:
    """Write `UNITS` units as if all were ASCII; masks of those that are not, and of surrogates."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        units, at, data, to = args
        wide = ir.VectorType(ir.IntType(16), UNITS)
        codes = load(context, builder, signature.args[0], units, at, wide)
        octets = builder.trunc(codes, ir.VectorType(ir.IntType(8), UNITS))
        store(context, builder, octets, signature.args[2], data, to)
        beyond = builder.icmp_unsigned(">", codes, ir.Constant(wide, [0x7F] * UNITS))
        prefix = builder.and_(codes, ir.Constant(wide, [0xF800] * UNITS))
        surrogates = builder.icmp_unsigned("==", prefix, ir.Constant(wide, [0xD800] * UNITS))
        masks = [
            builder.zext(builder.bitcast(flags, ir.IntType(UNITS)), _WORD)
            for flags in (beyond, surrogates)
        ]
        return context.make_tuple(builder, signature.return_type, masks)

    return types.UniTuple(types.uint64, 2)(units, types.int64, data, types.int64), generate


def write_step_each(units: Any, at: Any, _moves: Any, data: Any, to: Any) -> Any:
    """What `_write_step` does, one by one."""
    return _write_each(units, at, at + STEP, data, to)[1] - to


@intrinsic
def _write_step(_typing: Any, units: Any, at: Any, moves: Any, data: Any, to: Any) -> Any:
    """Write the `STEP` units of ``units[at:]``, none of them surrogates; the number of bytes."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if not has(context, "ssse3"):
            return context.compile_internal(builder, write_step_each, signature, args)
        units, at, moves, data, to = args
        narrow = ir.VectorType(ir.IntType(16), STEP)
        codes = builder.zext(load(context, builder, signature.args[0], units, at, narrow), _LANES)
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
