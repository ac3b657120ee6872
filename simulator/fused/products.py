"""Matrix products of small matrices in flat arrays, and transposition.

Both are compiled once and called by the other kernels through their address: as parts of every kernel they would take
most of the time of compilation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from hubbub.simulator.fused.vectors import (
    FUSE,
    HAS_WIDE_REGISTERS,
    INT64,
    INTEGERS,
    LANES,
    REGISTER,
    constant,
    lanes_below,
    pointer,
    read,
    read_part,
    spread,
    write,
    write_part,
)
from hubbub.simulator.kernel_cache import callback

TILE_ROWS = 8 if HAS_WIDE_REGISTERS else 4
TILE_REGISTERS = 3
"""A tile of `TILE_ROWS` rows of so many registers, and what is multiplied into it, fill the processor's registers."""


WHOLE, NUMBERS = types.int64, types.CPointer(types.float32)


def _tile(rows: int, registers: int, *, part: bool) -> Any:
    """Return an intrinsic that computes one tile of a product; with `part` only the first `n` columns of a register."""

    @intrinsic
    def tile(typing_context, a, a_at, a_row, a_column, b, b_at, b_row, c, c_at, c_row, depth, adding, n):
        def generate(context, builder, sig, args):
            a, a_at, a_row, a_column, b, b_at, b_row, c, c_at, c_row, depth, adding, n = args
            a_first, b_first, c_first = builder.gep(a, [a_at]), builder.gep(b, [b_at]), builder.gep(c, [c_at])
            mask = lanes_below(builder, n) if part else None

            def get(address: Any) -> Any:
                return read_part(builder, address, mask, constant(0.0)) if part else read(builder, address)

            def place(row: int, column: int) -> Any:
                steps = builder.mul(c_row, ir.Constant(INT64, row))
                return builder.gep(c_first, [builder.add(steps, ir.Constant(INT64, column * LANES))])

            cells = [(row, column) for row in range(rows) for column in range(registers)]
            sums = {cell: cgutils.alloca_once(builder, REGISTER) for cell in cells}
            with builder.if_else(builder.icmp_signed("!=", adding, ir.Constant(INT64, 0))) as (then, otherwise):
                with then:
                    for cell in cells:
                        builder.store(get(place(*cell)), sums[cell])
                with otherwise:
                    for cell in cells:
                        builder.store(constant(0.0), sums[cell])
            with cgutils.for_range(builder, depth) as loop:
                b_now = builder.gep(b_first, [builder.mul(loop.index, b_row)])
                a_now = builder.gep(a_first, [builder.mul(loop.index, a_column)])
                values = [get(builder.gep(b_now, [ir.Constant(INT64, column * LANES)])) for column in range(registers)]
                factors = [
                    spread(builder, builder.load(builder.gep(a_now, [builder.mul(a_row, ir.Constant(INT64, row))])))
                    for row in range(rows)
                ]
                for row, column in cells:
                    product = builder.fmul(factors[row], values[column], flags=FUSE)
                    total = builder.fadd(builder.load(sums[row, column]), product, flags=FUSE)
                    builder.store(total, sums[row, column])
            for cell in cells:
                value, address = builder.load(sums[cell]), place(*cell)
                write_part(builder, value, address, mask) if part else write(builder, value, address)
            return context.get_dummy_value()

        kinds = (a, WHOLE, WHOLE, WHOLE, b, WHOLE, WHOLE, c, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE)
        return types.void(*kinds), generate

    return tile


_high_3 = _tile(TILE_ROWS, 3, part=False)
_high_2 = _tile(TILE_ROWS, 2, part=False)
_high_1 = _tile(TILE_ROWS, 1, part=False)
_high_part = _tile(TILE_ROWS, 1, part=True)
_flat_3 = _tile(1, 3, part=False)
_flat_2 = _tile(1, 2, part=False)
_flat_1 = _tile(1, 1, part=False)
_flat_part = _tile(1, 1, part=True)

OPTIONS = {"boundscheck": False, "error_model": "numpy", "nogil": True}


@callback(types.void(*[WHOLE] * 3, NUMBERS, WHOLE, WHOLE, NUMBERS, WHOLE, NUMBERS, WHOLE, WHOLE))
def _multiply(rows, columns, depth, a, a_row, a_column, b, b_row, c, c_row, adding):
    column = 0
    while column < columns:
        left = columns - column
        n = left // LANES
        width = 0 if n == 0 else 1 if n == 1 else 2 if n == 2 or n == 4 else 3
        row = 0
        while row + TILE_ROWS <= rows:
            i, j = row * a_row, row * c_row + column
            if width == 3:
                _high_3(a, i, a_row, a_column, b, column, b_row, c, j, c_row, depth, adding, left)
            elif width == 2:
                _high_2(a, i, a_row, a_column, b, column, b_row, c, j, c_row, depth, adding, left)
            elif width == 1:
                _high_1(a, i, a_row, a_column, b, column, b_row, c, j, c_row, depth, adding, left)
            else:
                _high_part(a, i, a_row, a_column, b, column, b_row, c, j, c_row, depth, adding, left)
            row += TILE_ROWS
        while row < rows:
            i, j = row * a_row, row * c_row + column
            if width == 3:
                _flat_3(a, i, a_row, a_column, b, column, b_row, c, j, c_row, depth, adding, left)
            elif width == 2:
                _flat_2(a, i, a_row, a_column, b, column, b_row, c, j, c_row, depth, adding, left)
            elif width == 1:
                _flat_1(a, i, a_row, a_column, b, column, b_row, c, j, c_row, depth, adding, left)
            else:
                _flat_part(a, i, a_row, a_column, b, column, b_row, c, j, c_row, depth, adding, left)
            row += 1
        column += max(width, 1) * LANES


@intrinsic
def _transpose_square(typing_context, a, a_at, a_row, b, b_at, b_row):
    """Transpose a square of `LANES` × `LANES` numbers, in pairs of registers: rows 1, 2, 4 … apart."""

    def generate(context, builder, sig, args):
        a, a_at, a_row, b, b_at, b_row = args
        a_first, b_first = builder.gep(a, [a_at]), builder.gep(b, [b_at])

        def row_of(first: Any, stride: Any, row: int) -> Any:
            return builder.gep(first, [builder.mul(stride, ir.Constant(INT64, row))])

        lines = [read(builder, row_of(a_first, a_row, row)) for row in range(LANES)]
        apart = 1
        while apart < LANES:
            low = [lane if not lane & apart else lane - apart + LANES for lane in range(LANES)]
            high = [lane + apart if not lane & apart else lane + LANES for lane in range(LANES)]
            for row in range(LANES):
                if not row & apart:
                    one, other = lines[row], lines[row + apart]
                    lines[row] = builder.shuffle_vector(one, other, ir.Constant(INTEGERS, low))
                    lines[row + apart] = builder.shuffle_vector(one, other, ir.Constant(INTEGERS, high))
            apart *= 2
        for row in range(LANES):
            write(builder, lines[row], row_of(b_first, b_row, row))
        return context.get_dummy_value()

    return types.void(a, WHOLE, WHOLE, b, WHOLE, WHOLE), generate


@callback(types.void(WHOLE, WHOLE, NUMBERS, WHOLE, NUMBERS, WHOLE))
def _transpose(rows, columns, a, a_row, b, b_row):
    for top in range(0, rows, LANES):
        for left in range(0, columns, LANES):
            if top + LANES <= rows and left + LANES <= columns:
                _transpose_square(a, top * a_row + left, a_row, b, left * b_row + top, b_row)
            else:
                for column in range(left, min(columns, left + LANES)):
                    for row in range(top, min(rows, top + LANES)):
                        b[column * b_row + row] = a[row * a_row + column]


def _call(name: str, compiled: Any) -> Callable[..., Any]:
    """Return what generates the call of a compiled function, which gets an address for an array and its offset."""
    symbol = f"hubbub_fused_{name}"
    llvmlite.binding.add_symbol(symbol, compiled.address)

    def generate(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> Any:
        values, rest = [], list(zip(sig.args, args, strict=True))
        while rest:
            kind, value = rest.pop(0)
            if isinstance(kind, types.Array):
                value = pointer(context, builder, kind, value, rest.pop(0)[1])
            values.append(value)
        kind = ir.FunctionType(ir.VoidType(), [value.type for value in values])
        builder.call(cgutils.get_or_insert_function(builder.module, kind, symbol), values)
        return context.get_dummy_value()

    return generate


_call_multiply = _call("multiply", _multiply)
_call_transpose = _call("transpose", _transpose)


@intrinsic
def multiply(typing_context, rows, columns, depth, a, a_at, a_row, a_column, b, b_at, b_row, c, c_at, c_row, adding):
    """Set C to A B, or with `adding` add A B to it.

    Element (i, k) of A is `a[a_at + i · a_row + k · a_column]`; rows of B and C are `b_row` and `c_row` apart.
    """
    kinds = (*[WHOLE] * 3, a, *[WHOLE] * 3, b, WHOLE, WHOLE, c, *[WHOLE] * 3)
    return types.void(*kinds), _call_multiply


@intrinsic
def transpose(typing_context, rows, columns, a, a_at, a_row, b, b_at, b_row):
    """Write A `[rows, columns]` to B `[columns, rows]`."""
    return types.void(WHOLE, WHOLE, a, WHOLE, WHOLE, b, WHOLE, WHOLE), _call_transpose
