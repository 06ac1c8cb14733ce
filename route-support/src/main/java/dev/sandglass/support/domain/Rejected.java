package dev.sandglass.support.domain;

/** A decision that refuses: nothing is written. */
public record Rejected<R>(Rejection why) implements Verdict<R> {}
