/* SPDX-License-Identifier: Apache-2.0
 *
 * number.c - numbers and units as the files write them. */
#include "model/number.h"

#include <stdlib.h>
#include <string.h>

#include <standing/study.h>

#include "base/error.h"
#include "model/model.h"

/* Singulars, which follow "per", then plurals. */
static const char *const times[] = { "minute", "hour", "day", "week", "month", "year",
    "minutes", "hours", "days", "weeks", "months", "years" };
enum { TIMES = 6 };

/* For each singular. */
static const double minutes_of[] = { 1, 60, 1440, 10080, 43800, 525600 };

#define NUMBER "[-+]?([0-9]+(\\\\.[0-9]*)?|\\\\.[0-9]+)([eE][-+]?[0-9]+)?"
#define TIME "(minute|hour|day|week|month|year)"

typedef struct unit {
    double min, max;          /* rate: per year; duration: minutes */
    bool whole;
    const char *expected, *pattern; /* the pattern is ready to stand in JSON */
} unit;

static const unit units[] = {
    [STN__PROBABILITY] = { 0, 1, false, "a probability from 0 to 1, such as 0.35 or 35 %", "^" NUMBER "( *%)?$" },
    [STN__RATE] = { 0, 100000, false, "a rate from 0 to 100000 per year, such as 2.5 per year",
        "^" NUMBER " +per +" TIME "$" },
    [STN__DURATION] = { 0, 525600000, false, "a duration of at most 1000 years, such as 30 days",
        "^" NUMBER " +" TIME "s?$" },
    [STN__COEFFICIENT] = { 0, 100, false, "a number from 0 to 100", "^" NUMBER "$" },
    [STN__FACTOR] = { 0, 1000, false, "a factor from 0 to 1000", "^" NUMBER "$" },
    [STN__POINTS] = { -100000, 100000, true, "whole points from -100000 to 100000", "^" NUMBER "$" },
    [STN__SPREAD] = { 0, 100000, true, "whole points from 0 to 100000", "^" NUMBER "$" },
    [STN__COUNT] = { 0, 4294967294, true, "a whole number from 0 to 4294967294", "^" NUMBER "$" },
    [STN__ACTS] = { 0, 1e9, false, "a number of acts from 0 to 1000000000", "^" NUMBER "$" },
    [STN__AMOUNT] = { 0, 1e9, false, "an amount from 0 to 1000000000 yuan, such as 200 yuan", "^" NUMBER " +yuan$" },
    [STN__INCOME] = { 0, 1e9, false, "an income from 0 to 1000000000 yuan per year (or day, week, month), such as 60000 yuan per year",
        "^" NUMBER " +yuan +per +(day|week|month|year)$" },
    [STN__CAPACITY] = { 0, 1e7, false, "a rate from 0 to 10000000 per year, such as 40 per day", "^" NUMBER " +per +" TIME "$" },
    [STN__WEIGHT] = { 0, 1e15, false, "a weight from 0 to 1e15", "^" NUMBER "$" },
    [STN__AGE] = { 0, 150, true, "an age from 0 to 150", "^" NUMBER "$" },
    [STN__HOUSEHOLD] = { 1, 20, true, "a household's size from 1 to 20", "^" NUMBER "$" },
    [STN__YEARS] = { 0, 200, false, "a number of years above 0, at most 200", "^" NUMBER "$" },
    [STN__SCALE] = { 0, 1, false, "a scale above 0, at most 1", "^" NUMBER "$" },
    [STN__REPLICATES] = { 1, STN_REPLICATES_MAX, true, "a number of replicates from 1 to 10000", "^" NUMBER "$" },
};

const char *
stn__unit_name(stn__unit kind)
{
    static const char *const names[] = {
        [STN__PROBABILITY] = "probability",
        [STN__RATE] = "rate",
        [STN__DURATION] = "duration",
        [STN__COEFFICIENT] = "coefficient",
        [STN__FACTOR] = "factor",
        [STN__POINTS] = "points",
        [STN__SPREAD] = "points",
        [STN__COUNT] = "count",
        [STN__ACTS] = "acts",
        [STN__AMOUNT] = "amount of money",
        [STN__INCOME] = "income",
        [STN__CAPACITY] = "cases in a time",
        [STN__WEIGHT] = "weight",
        [STN__AGE] = "years of age",
        [STN__HOUSEHOLD] = "people",
        [STN__YEARS] = "years",
        [STN__SCALE] = "fraction",
    };

    return names[kind];
}

const char *
stn__unit_expected(stn__unit number)
{
    return units[number].expected;
}

const char *
stn__unit_pattern(stn__unit number)
{
    return units[number].pattern;
}

void
stn__unit_bounds(stn__unit number, double *min, double *max, bool *whole, bool *bare)
{
    *min = units[number].min;
    *max = units[number].max;
    *whole = units[number].whole;
    *bare = number != STN__RATE && number != STN__DURATION && number != STN__AMOUNT && number != STN__INCOME
        && number != STN__CAPACITY;
}

static size_t
digits(const char *text, size_t size)
{
    size_t count = 0;

    while (count < size && text[count] >= '0' && text[count] <= '9') {
        count++;
    }
    return count;
}

size_t
stn__number_read(const char *text, size_t size, double *value)
{
    size_t at = size > 0 && (text[0] == '-' || text[0] == '+'), whole, part = 0, power;
    char *end;

    whole = digits(text + at, size - at);
    if (whole > 1 && text[at] == '0') {
        return 0; /* YAML 1.1 would read 017 as octal: 15 */
    }
    at += whole;
    if (at < size && text[at] == '.') {
        part = digits(text + at + 1, size - at - 1);
        at += 1 + part;
    }
    if (whole + part == 0) {
        return 0;
    }
    if (at < size && (text[at] == 'e' || text[at] == 'E')) {
        size_t sign = at + 1 < size && (text[at + 1] == '-' || text[at + 1] == '+');
        power = digits(text + at + 1 + sign, size - at - 1 - sign);
        at += power > 0 ? 1 + sign + power : 0;
    }
    *value = strtod(text, &end) + 0.0; /* -0 becomes 0 */
    return end == text + at ? at : 0;  /* 0x1f: strtod knows more than we do */
}

static size_t
blanks(const char *text, size_t size)
{
    size_t count = 0;

    while (count < size && (text[count] == ' ' || text[count] == '\t')) {
        count++;
    }
    return count;
}

/* Minutes of the unit of time named, or 0 and the nearest name. */
static double
time_minutes(const char *word, size_t size, bool plural, const char **near)
{
    enum { LONGEST = 16 };
    char copy[LONGEST + 1];

    if (size > LONGEST) {
        return 0;
    }
    memcpy(copy, word, size);
    copy[size] = 0;
    for (int32_t index = 0; index < (plural ? 2 : 1) * TIMES; index++) {
        if (strcmp(times[index], copy) == 0) {
            return minutes_of[index % TIMES];
        }
    }
    *near = stn__nearest(copy, times, (plural ? 2 : 1) * TIMES);
    return 0;
}

/* floor(x + 0.5) for 0 <= x < 2^63, without the mathematical library. */
static double
rounded(double x)
{
    return (double) (int64_t) (x + 0.5);
}

/* How much of `text` the word "yuan" and the blanks behind it take; 0: it is not there. */
static size_t
yuan(const char *text, size_t size, const char **near)
{
    static const char *const word = "yuan";
    size_t length = 0;
    char copy[8] = "";

    while (length < size && text[length] != ' ' && text[length] != '\t') {
        length++;
    }
    if (length == 4 && memcmp(text, word, 4) == 0) {
        return length + blanks(text + length, size - length);
    }
    if (length < sizeof copy) {
        memcpy(copy, text, length);
        *near = stn__nearest(copy, &word, 1);
    }
    return 0;
}

/* Minutes of "per" and a unit of time, or 0 and the nearest name. */
static double
per_minutes(const char *rest, size_t size, const char **near)
{
    size_t gap = size > 3 && memcmp(rest, "per", 3) == 0 ? blanks(rest + 3, size - 3) : 0;

    return gap == 0 ? 0 : time_minutes(rest + 3 + gap, size - 3 - gap, false, near);
}

/* Applies the unit written behind the number. *amount is what its range is about. */
static stn__number_fault
apply(stn__unit number, const char *rest, size_t size, double *value, double *amount, const char **near)
{
    double minutes;

    if (number == STN__AMOUNT || number == STN__INCOME) {
        size_t length = yuan(rest, size, near);
        if (length == 0) {
            return size == 0 ? STN__NO_UNIT : STN__BAD_UNIT;
        }
        rest += length;
        size -= length;
    }
    if (number == STN__PROBABILITY && size == 1 && rest[0] == '%') {
        *value = *value / 100.0;
    } else if (number == STN__RATE || number == STN__INCOME || number == STN__CAPACITY) {
        minutes = per_minutes(rest, size, near);
        if (minutes == 0 || (number == STN__INCOME && minutes < 1440)) { /* nobody is paid by the minute */
            return size == 0 ? STN__NO_UNIT : STN__BAD_UNIT;
        }
        *amount = *value * (STN_MINUTES_PER_YEAR / minutes);
        *value = number == STN__INCOME ? *amount : *value / minutes;
        return STN__FINE;
    } else if (number == STN__DURATION) {
        minutes = time_minutes(rest, size, true, near);
        if (minutes == 0) {
            return size == 0 ? STN__NO_UNIT : STN__BAD_UNIT;
        }
        *amount = *value * minutes;
        if (*amount >= 0 && *amount <= units[STN__DURATION].max) {
            *value = rounded(*amount);
        }
        return STN__FINE;
    } else if (size > 0) {
        return STN__BAD_UNIT;
    }
    *amount = *value;
    return STN__FINE;
}

stn__number_fault
stn__unit_read(stn__unit number, const char *text, size_t size, double *value, const char **near)
{
    const unit *unit_of = &units[number];
    size_t at = stn__number_read(text, size, value);
    stn__number_fault fault;
    double amount = 0;

    *near = NULL;
    /* "30days" is refused like any other word; "35%" is usual. */
    if (at == 0 || (at < size && blanks(text + at, size - at) == 0 && text[at] != '%')) {
        return STN__NO_NUMBER;
    }
    at += blanks(text + at, size - at);
    fault = apply(number, text + at, size - at, value, &amount, near);
    if (fault != STN__FINE) {
        return fault;
    }
    if (!(amount >= unit_of->min && amount <= unit_of->max)
        || ((number == STN__YEARS || number == STN__SCALE) && amount <= 0)) {
        return STN__OUT_OF_RANGE;
    }
    if (unit_of->whole && amount != (double) (int64_t) amount) {
        return STN__NOT_WHOLE;
    }
    return STN__FINE;
}
