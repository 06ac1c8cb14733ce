package dev.sandglass.bench;

/**
 * What one round of calls came to.
 *
 * @param count good answers
 * @param p50 milliseconds, from when a call was due to its checked answer; p90, p99 and max likewise
 * @param perSecond good answers a second
 * @param errors bad answers, and calls without one
 * @param firstError in words; empty if there was none
 */
record Stat(
        long count, double p50, double p90, double p99, double max, double perSecond, long errors, String firstError) {}
