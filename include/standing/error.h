/* SPDX-License-Identifier: Apache-2.0
 *
 * error.h - how calls report failure.
 *
 * A call that can fail returns 0 or a negative code of STN_ERROR_MAP and, if
 * the caller gave an stn_error, fills it. Mistakes in input files are many at
 * a time, so calls that read files take an stn_report, a growing list of
 * positioned messages that the caller owns. There is no global error state,
 * and the library never exits or prints. */
#ifndef STANDING_ERROR_H
#define STANDING_ERROR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define STN_API __attribute__((visibility("default")))
#define STN_CHECKED __attribute__((warn_unused_result))
#define STN_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define STN_API
#define STN_CHECKED
#define STN_PRINTF(f, a)
#endif

/* Code, value, meaning. The numbers are stable; new ones are added at the end
 * of a family. */
#define STN_ERROR_MAP(X) \
    X(MEMORY, -1, "memory could not be allocated") \
    X(IO, -2, "a file could not be read or written") \
    X(STOPPED, -3, "stopped on request") \
    X(INPUT, -101, "an input file has mistakes; the report lists them") \
    X(FORMAT_NEWER, -102, "the file comes from a newer Standing") \
    X(FORMAT_OLDER, -103, "the file comes from an older Standing that this one cannot read") \
    X(ARGUMENT, -104, "an argument is out of range") \
    X(LIMIT, -105, "the model is larger than Standing can hold")

enum stn_error_code {
    STN_OK = 0,
#define STN__ENUM(name, value, text) STN_E_##name = value,
    STN_ERROR_MAP(STN__ENUM)
#undef STN__ENUM
};

/* The last failure of one call. Plain data; the caller owns it. */
typedef struct stn_error {
    int code;       /* 0, or one of STN_E_* */
    char text[504]; /* what went wrong and what to do about it; one line */
} stn_error;

/* The code's meaning in a few words; "unknown error" for other numbers. */
STN_API const char *stn_error_text(int code);

/* A list of mistakes in input files, in the order in which they were found. */
typedef struct stn_report stn_report;

STN_API STN_CHECKED stn_report *stn_report_new(void); /* NULL: no memory */
STN_API void stn_report_free(stn_report *report);     /* NULL does nothing */
STN_API int32_t stn_report_count(const stn_report *report);
/* One message, "file:line:column: text" in UTF-8, without a line feed. Borrowed
 * until the report is freed. */
STN_API const char *stn_report_text(const stn_report *report, int32_t index);

#ifdef __cplusplus
}
#endif
#endif
