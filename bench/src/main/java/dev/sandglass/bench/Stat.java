package dev.sandglass.bench;

/**
 * The result of one round of calls.
 *
 * @param count good answers
 * @param p10 milliseconds, from when a call was due to its checked answer; p50, p90, p99 and max likewise. What else a machine does
 *     makes calls slower and never faster, so that the fastest move least from run to run. 0 in a result of before it was kept
 * @param perSecond good answers a second
 * @param errors bad answers, and calls without one
 * @param firstError in words; empty if there was none
 */
record Stat(
        long count,
        double p10,
        double p50,
        double p90,
        double p99,
        double max,
        double perSecond,
        long errors,
        String firstError) {}
