package dev.sandglass.reminder.domain;

import java.time.Instant;

/** The keys of reminder's documents in Dapr State. */
public final class ReminderKeys {
    /** The position of the sweep. */
    public static final String SWEEP = "sweep";

    /** The version of the time zone rules by which future reminders are planned. */
    public static final String RULES = "rules";

    private static final long SECONDS_A_DAY = 86_400;

    private ReminderKeys() {}

    /** The document that decides, see {@link TaskReminders}. */
    public static String reminders(String task) {
        return "reminder/" + task;
    }

    /** The tasks of a list that have reminders, see {@link ListIndex}. */
    public static String list(String list) {
        return "list/" + list;
    }

    /** A full page of {@link #list}. */
    static String page(String list, int page) {
        return "list/" + list + "/" + page;
    }

    static long day(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), SECONDS_A_DAY);
    }

    /** The tasks of a list that had a reminder fired on a day, see {@link FiredDay}: a hint. */
    static String fired(String list, long day) {
        return "fired/" + list + "/" + day;
    }
}
