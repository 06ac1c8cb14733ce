package dev.sandglass.reminder.domain;

import java.time.Instant;

/**
 * A planned firing that is still to come.
 *
 * @param reminder the id of its specification
 */
public record Alarm(String task, String reminder, int version, Instant at) {}
