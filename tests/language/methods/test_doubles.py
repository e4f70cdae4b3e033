"""Doubles print as JDK 17 prints them: `data/doubles.txt` has a double in hexadecimal and what the engine printed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from velobind.language.methods.doubles import java_decimal, java_double, parse_decimal

RECORDED = (Path(__file__).parent / "data" / "doubles.txt").read_text().splitlines()


def test_each_recorded_double() -> None:
    wrong = [line for line in RECORDED if java_double(float.fromhex(line.split()[0])) != line.split()[1]]
    assert len(RECORDED) == 1500
    assert wrong == []


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (2.0e-3, "0.002"),
        (1e21, "1.0E21"),
    ],
)
def test_particular_doubles(number: float, text: str) -> None:
    assert java_double(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [("1.50", "1.50"), ("1E+5", "1E+5"), ("0.0000001", "1E-7"), ("0.000001", "0.000001"), ("-12.3E-9", "-1.23E-8")],
)
def test_decimals(number: str, text: str) -> None:
    assert java_decimal(Decimal(number)) == text


def test_decimals_from_text_as_java_reads_them() -> None:
    assert parse_decimal("-0.0") == Decimal("0.0") and str(parse_decimal("-0.0")) == "0.0"
    assert [parse_decimal(t) for t in ("", " 1", "1_0", "Infinity", "NaN", "0x1", "1e99999999999")] == [None] * 7
