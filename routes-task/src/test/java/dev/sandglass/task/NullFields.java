package dev.sandglass.task;

import java.util.List;

/** The fields of a new task that a client may send as null, which is as if they were not given. */
public final class NullFields {
    public static final List<String> OF_A_NEW_TASK = List.of(
            "list",
            "description",
            "priority",
            "tags",
            "due",
            "timeZone",
            "recurrence",
            "recurFrom",
            "workdays",
            "reminders",
            "nag");

    private NullFields() {}
}
