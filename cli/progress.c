/* SPDX-License-Identifier: Apache-2.0
 *
 * progress.c - the line that moves while a city is made and lived, and the
 * interrupts that end it.
 *
 * The first SIGINT or SIGTERM sets a flag that the next report of progress
 * hands on, so that all is left in order; a second one ends the program at once. */
#include "cli.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static struct {
    bool shown;      /* standard error is a terminal that wants it */
    bool line;       /* a line stands there now */
    char stage[96];
    double began, last; /* of the stage; when the line was last drawn */
} line;

static void
interrupt(int number)
{
    (void) number;
    interrupted = 1;
}

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

void
cli_progress_begin(bool quiet)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = interrupt;
    action.sa_flags = (int) SA_RESETHAND;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    line.shown = !quiet && isatty(STDERR_FILENO) != 0;
}

bool
cli_interrupted(void)
{
    return interrupted != 0;
}

/* A duration in the two units that matter. */
static const char *
duration(double seconds, char *text, size_t room)
{
    long s = (long) (seconds + 0.5);

    if (s < 60) {
        snprintf(text, room, "%ld s", s);
    } else if (s < 3600) {
        snprintf(text, room, "%ld min %ld s", s / 60, s % 60);
    } else {
        snprintf(text, room, "%ld h %ld min", s / 3600, s / 60 % 60);
    }
    return text;
}

static void
line_draw(const stn_progress *progress, double elapsed)
{
    char speed[40] = "", left[40] = "", time[32];
    double rate = elapsed > 0.5 ? (double) progress->people / elapsed : 0;

    if (rate >= 1e6) {
        snprintf(speed, sizeof speed, "  %.1f million steps/s", rate / 1e6);
    } else if (rate >= 1) {
        snprintf(speed, sizeof speed, "  %.0f steps/s", rate);
    }
    if (elapsed > 1 && progress->done > 0.01) {
        snprintf(left, sizeof left, "  %s left", duration(elapsed * (1 - progress->done) / progress->done, time, sizeof time));
    }
    fprintf(stderr, "\r%-32s %3.0f %%%s%s\033[K", progress->stage, 100 * progress->done, speed, left);
    fflush(stderr);
    line.line = true;
}

int
cli_progress(void *user, const stn_progress *progress)
{
    double t = line.shown ? now() : 0;

    (void) user;
    if (line.shown && strcmp(line.stage, progress->stage) != 0) {
        snprintf(line.stage, sizeof line.stage, "%s", progress->stage);
        line.began = t;
        line.last = 0;
    }
    if (line.shown && t - line.last > 0.1) {
        line.last = t;
        line_draw(progress, t - line.began);
    }
    return interrupted != 0;
}

/* Takes the line away, so that what follows stands by itself. */
void
cli_progress_end(void)
{
    if (line.line) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
        line.line = false;
    }
}
