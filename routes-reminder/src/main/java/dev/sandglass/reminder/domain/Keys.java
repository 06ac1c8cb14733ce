package dev.sandglass.reminder.ledger;

import java.time.Instant;

/** What lies where in Dapr State. */
final class Keys {
    /** Where the sweep stands. */
    static final String SWEEP = "sweep";

    /** By which rules of time zones what is to come is planned. */
    static final String RULES = "rules";

    private static final long SECONDS_A_DAY = 86_400;

    private Keys() {}

    /** The document that decides, see {@code TaskReminders}. */
    static String reminders(String task) {
        return "reminder/" + task;
    }

    /** Which tasks of a list have reminders, see {@link ListIndex}. */
    static String list(String list) {
        return "list/" + list;
    }

    /** A full page of {@link #list}. */
    static String page(String list, int page) {
        return "list/" + list + "/" + page;
    }

    static long day(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), SECONDS_A_DAY);
    }

    /** Which tasks of a list had something fired on a day: a hint. */
    static String fired(String list, long day) {
        return "fired/" + list + "/" + day;
    }
}
