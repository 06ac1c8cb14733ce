package dev.sandglass.support.domain;

import java.util.Set;

/** A decision that cannot be made before these keys are read, or read again. */
public record NeedsMore<R>(Set<String> keys) implements Verdict<R> {}
