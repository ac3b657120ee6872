"""A type for numba: a register of several float32 numbers, so that kernels say themselves what is computed at once.

`load` and `store` move a register from and to a flat array; `load_up_to` and `store_up_to` only its first numbers.
Operators and functions work on all numbers of a register. Nothing here depends on the hardware but `LANES`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

HAS_WIDE_REGISTERS = bool(llvmlite.binding.get_host_cpu_features().get("avx512f"))
LANES = 16 if HAS_WIDE_REGISTERS else 8
"""Numbers in a register."""

FLOAT, INT32, INT64 = ir.FloatType(), ir.IntType(32), ir.IntType(64)
REGISTER, INTEGERS = ir.VectorType(FLOAT, LANES), ir.VectorType(INT32, LANES)
FUSE = ("contract",)
"""A product and a sum may be rounded once."""


class Vector(types.Type):
    """numba's name for a register."""

    def __init__(self) -> None:
        super().__init__(name=f"float32x{LANES}")


vector = Vector()


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, REGISTER)


def constant(value: float) -> ir.Constant:
    """Return a register that holds one number in all lanes."""
    return ir.Constant(REGISTER, [float(value)] * LANES)


def pointer(context: Any, builder: ir.IRBuilder, kind: Any, array: Any, offset: Any) -> Any:
    """Return the address of a number in a flat array."""
    return builder.gep(context.make_array(kind)(context, builder, array).data, [offset])


def read(builder: ir.IRBuilder, address: Any) -> Any:
    """Return the register at an address, which need not be aligned."""
    return builder.load(builder.bitcast(address, REGISTER.as_pointer()), align=4)


def write(builder: ir.IRBuilder, value: Any, address: Any) -> None:
    """Write a register to an address, which need not be aligned."""
    builder.store(value, builder.bitcast(address, REGISTER.as_pointer()), align=4)


def spread(builder: ir.IRBuilder, scalar: Any) -> Any:
    """Return a register with `scalar` in all lanes."""
    undefined = ir.Constant(REGISTER, ir.Undefined)
    one = builder.insert_element(undefined, scalar, ir.Constant(INT32, 0))
    return builder.shuffle_vector(one, undefined, ir.Constant(INTEGERS, [0] * LANES))


def call(builder: ir.IRBuilder, name: str, result: Any, *values: Any) -> Any:
    """Call a function of LLVM, such as `llvm.sqrt`, on registers."""
    function = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(result, [value.type for value in values]), f"{name}.v{LANES}f32"
    )
    return builder.call(function, values)


def lanes_below(builder: ir.IRBuilder, n: Any) -> Any:
    """Return a mask of the first `n` lanes."""
    wide = builder.trunc(n, INT32)
    undefined = ir.Constant(INTEGERS, ir.Undefined)
    one = builder.insert_element(undefined, wide, ir.Constant(INT32, 0))
    all_ = builder.shuffle_vector(one, undefined, ir.Constant(INTEGERS, [0] * LANES))
    return builder.icmp_signed("<", ir.Constant(INTEGERS, list(range(LANES))), all_)


def is_whole(builder: ir.IRBuilder, n: Any) -> Any:
    """Return whether `n` numbers fill a register."""
    return builder.icmp_signed(">=", n, ir.Constant(INT64, LANES))


def _masked(builder: ir.IRBuilder, name: str, result: Any, parameters: list[Any], values: list[Any]) -> Any:
    kind = ir.FunctionType(result, parameters)
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.{name}.v{LANES}f32.p0")
    return builder.call(function, values)


MASK = ir.VectorType(ir.IntType(1), LANES)


def read_part(builder: ir.IRBuilder, address: Any, mask: Any, fill: Any) -> Any:
    """Return the lanes of a mask from an address, and `fill` in the other lanes."""
    address = builder.bitcast(address, REGISTER.as_pointer())
    return _masked(
        builder,
        "load",
        REGISTER,
        [address.type, INT32, MASK, REGISTER],
        [address, ir.Constant(INT32, 4), mask, fill],
    )


def write_part(builder: ir.IRBuilder, value: Any, address: Any, mask: Any) -> None:
    """Write the lanes of a mask to an address."""
    address = builder.bitcast(address, REGISTER.as_pointer())
    _masked(
        builder,
        "store",
        ir.VoidType(),
        [REGISTER, address.type, INT32, MASK],
        [value, address, ir.Constant(INT32, 4), mask],
    )


def _operator(function: Callable[..., Any], build: Callable[[ir.IRBuilder, Any, Any], Any]) -> None:
    @infer_global(function)
    class _Typing(ConcreteTemplate):
        cases = [signature(vector, vector, vector)]  # noqa: RUF012 (numba reads a list)

    @lower_builtin(function, vector, vector)
    def _lower(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> Any:
        return build(builder, *args)


_operator(operator.add, lambda builder, a, b: builder.fadd(a, b, flags=FUSE))
_operator(operator.sub, lambda builder, a, b: builder.fsub(a, b, flags=FUSE))
_operator(operator.mul, lambda builder, a, b: builder.fmul(a, b, flags=FUSE))
_operator(operator.truediv, lambda builder, a, b: builder.fdiv(a, b))


@intrinsic
def load(typing_context, array, offset):
    """Return the register that begins at an offset of a flat array."""

    def generate(context, builder, sig, args):
        return read(builder, pointer(context, builder, sig.args[0], *args))

    return vector(array, types.int64), generate


@intrinsic
def load_up_to(typing_context, array, offset, n, fill):
    """Return a register, of which only the first `n` lanes are read when `n` is smaller; `fill` is in the others."""

    def generate(context, builder, sig, args):
        address = pointer(context, builder, sig.args[0], *args[:2])
        value = cgutils.alloca_once(builder, REGISTER)
        with builder.if_else(is_whole(builder, args[2])) as (whole, part):
            with whole:
                builder.store(read(builder, address), value)
            with part:
                read_ = read_part(builder, address, lanes_below(builder, args[2]), spread(builder, args[3]))
                builder.store(read_, value)
        return builder.load(value)

    return vector(array, types.int64, types.int64, types.float32), generate


@intrinsic
def store(typing_context, array, offset, value):
    """Write a register to a flat array."""

    def generate(context, builder, sig, args):
        write(builder, args[2], pointer(context, builder, sig.args[0], *args[:2]))
        return context.get_dummy_value()

    return types.void(array, types.int64, vector), generate


@intrinsic
def store_up_to(typing_context, array, offset, n, value):
    """Write a register, or its first `n` lanes when `n` is smaller."""

    def generate(context, builder, sig, args):
        address = pointer(context, builder, sig.args[0], *args[:2])
        with builder.if_else(is_whole(builder, args[2])) as (whole, part):
            with whole:
                write(builder, args[3], address)
            with part:
                write_part(builder, args[3], address, lanes_below(builder, args[2]))
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64, vector), generate


@intrinsic
def splat(typing_context, scalar):
    """Return a register with one number in all lanes."""

    def generate(context, builder, sig, args):
        return spread(builder, args[0])

    return vector(types.float32), generate


@intrinsic
def larger(typing_context, one, other):
    """Return the larger number of each lane."""

    def generate(context, builder, sig, args):
        return call(builder, "llvm.maxnum", REGISTER, *args)

    return vector(vector, vector), generate


def _tree(builder: ir.IRBuilder, value: Any, combine: Callable[[Any, Any], Any]) -> Any:
    """Combine all lanes in pairs, always in the same order, and return the number."""
    width = LANES
    while width > 1:
        width //= 2
        lanes = [lane + width if lane < width else lane for lane in range(LANES)]
        value = combine(value, builder.shuffle_vector(value, value, ir.Constant(INTEGERS, lanes)))
    return builder.extract_element(value, ir.Constant(INT32, 0))


@intrinsic
def sum_of(typing_context, value):
    """Return the sum of all lanes."""

    def generate(context, builder, sig, args):
        return _tree(builder, args[0], builder.fadd)

    return types.float32(vector), generate


@intrinsic
def largest_of(typing_context, value):
    """Return the largest number of all lanes."""

    def generate(context, builder, sig, args):
        return _tree(builder, args[0], lambda a, b: call(builder, "llvm.maxnum", REGISTER, a, b))

    return types.float32(vector), generate


@intrinsic
def first_lane_with(typing_context, value, number):
    """Return the first lane that holds a number, or `LANES` when none does."""

    def generate(context, builder, sig, args):
        equal = builder.fcmp_ordered("==", args[0], spread(builder, args[1]))
        bits = builder.zext(builder.bitcast(equal, ir.IntType(LANES)), INT64)
        beyond = builder.or_(bits, ir.Constant(INT64, 1 << LANES))
        return builder.cttz(beyond, ir.Constant(ir.IntType(1), 1))

    return types.int64(vector, types.float32), generate


def _reduced(builder: ir.IRBuilder, x: Any) -> tuple[Any, Any]:
    """Return 2ⁿ and exp(r) − 1 with exp(x) = 2ⁿ exp(r), |r| ≤ ln 2 / 2; the polynomial is that of Cephes (Moshier)."""

    def times_plus(a: Any, b: Any, c: Any) -> Any:
        return builder.fadd(builder.fmul(a, b, flags=FUSE), c, flags=FUSE)

    x = call(
        builder, "llvm.minnum", REGISTER, call(builder, "llvm.maxnum", REGISTER, x, constant(-87.0)), constant(88.0)
    )
    n = call(builder, "llvm.rint", REGISTER, builder.fmul(x, constant(1.44269504088896341)))
    r = times_plus(n, constant(-0.693359375), x)
    r = times_plus(n, constant(2.12194440e-4), r)
    p = constant(1.9875691500e-4)
    for c in (1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1):
        p = times_plus(p, r, constant(c))
    whole = builder.fptosi(n, INTEGERS)
    shifted = builder.shl(builder.add(whole, ir.Constant(INTEGERS, [127] * LANES)), ir.Constant(INTEGERS, [23] * LANES))
    return builder.bitcast(shifted, REGISTER), times_plus(p, builder.fmul(r, r), r)


def _exponential(builder: ir.IRBuilder, x: Any) -> Any:
    power, rest = _reduced(builder, x)
    return builder.fmul(power, builder.fadd(rest, constant(1.0)))


def _sigmoid(builder: ir.IRBuilder, x: Any) -> Any:
    return builder.fdiv(constant(1.0), builder.fadd(constant(1.0), _exponential(builder, builder.fneg(x))))


def _tanh(builder: ir.IRBuilder, x: Any) -> Any:
    """By exp(2x) − 1, which is as exact near 0 as elsewhere."""
    power, rest = _reduced(builder, builder.fadd(x, x))
    less = builder.fadd(builder.fmul(power, rest, flags=FUSE), builder.fsub(power, constant(1.0)), flags=FUSE)
    return builder.fdiv(less, builder.fadd(less, constant(2.0)))


def _function(build: Callable[[ir.IRBuilder, Any], Any]) -> Any:
    @intrinsic
    def function(typing_context, value):
        def generate(context, builder, sig, args):
            return build(builder, *args)

        return vector(vector), generate

    return function


square_root = _function(lambda builder, x: call(builder, "llvm.sqrt", REGISTER, x))
exponential = _function(_exponential)
"""exp to about two units in the last place; between exp(−87) and exp(88)."""
sigmoid = _function(_sigmoid)
tanh = _function(_tanh)
