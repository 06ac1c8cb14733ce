package dev.sandglass.support.domain;

/** The outcome of a {@link Decision} on the documents it sees. */
public sealed interface Verdict<R> permits Accepted, Rejected, NeedsMore {}
