package dev.sandglass.reminder.domain;

import java.time.Instant;

/**
 * A planned firing that somebody waits for.
 *
 * @param reminder the id of its specification
 */
public record Alarm(String task, String reminder, int version, Instant at) {}
