/* SPDX-License-Identifier: Apache-2.0
 *
 * print_schema.c - prints the JSON Schema of one kind of file, for test_schema.py. */
#include <stdio.h>
#include <stdlib.h>

#include <standing/study.h>

int
main(int argc, char **argv)
{
    char *schema = argc == 2 ? stn_schema(argv[1]) : NULL;

    if (schema == NULL) {
        return 1;
    }
    fputs(schema, stdout);
    free(schema);
    return 0;
}
