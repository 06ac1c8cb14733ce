package dev.sandglass.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Latencies as they come, and what failed. */
final class Samples {
    private static final double NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(DIGITS);
    private long nanos;
    private long errors;
    private String firstError = "";

    synchronized void took(long latency) {
        histogram.recordValue(Math.max(0, latency));
    }

    synchronized void failed(Throwable why) {
        errors++;
        if (firstError.isEmpty()) {
            firstError = String.valueOf(why.getMessage());
        }
    }

    /** @param span nanoseconds in which these came */
    synchronized Samples over(long span) {
        nanos += span;
        return this;
    }

    synchronized Samples add(Samples others) {
        histogram.add(others.histogram);
        nanos += others.nanos;
        errors += others.errors;
        firstError = firstError.isEmpty() ? others.firstError : firstError;
        return this;
    }

    synchronized long count() {
        return histogram.getTotalCount();
    }

    synchronized Stat stat() {
        return new Stat(
                count(),
                at(10),
                at(50),
                at(90),
                at(99),
                histogram.getMaxValue() / NANOS,
                nanos == 0 ? 0 : count() * (double) TimeUnit.SECONDS.toNanos(1) / nanos,
                errors,
                firstError);
    }

    private double at(double percentile) {
        return histogram.getValueAtPercentile(percentile) / NANOS;
    }
}
