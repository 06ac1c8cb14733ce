package dev.sandglass.sync.live;

import java.time.Instant;

/** When a user was last there. */
public record Seen(String user, Instant at) {}
