package dev.sandglass.support;

/**
 * The sidecar answers: who keeps something of it from the start on (a secret) asks for it now. Observers may be called again, until none
 * throws {@link Unavailable}.
 */
public record SidecarUp() {}
