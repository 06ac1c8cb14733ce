package dev.sandglass.support;

/**
 * The event that the sidecar answers: an observer that needs a value from it at the start (a secret) asks for it now. Observers may be
 * called again, until none throws {@link Unavailable}.
 */
public record SidecarUp() {}
