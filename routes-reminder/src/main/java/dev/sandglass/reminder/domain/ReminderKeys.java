package dev.sandglass.reminder.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.time.Instant;

/** The keys of reminder's documents in Dapr State. */
public final class ReminderKeys {
    /** The position of the sweep. */
    public static final String SWEEP = "sweep";

    /** The version of the time zone rules by which future reminders are planned. */
    public static final String RULES = "rules";

    /** No id of a task has a slash. */
    private static final String POSTS = "posts/";

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

    /** The posts for a user's channels, see {@link Mailbox}. Issuers name users as they like; Dapr takes no {@code ||} in a key. */
    static String postsOf(String user) {
        return POSTS + "user/" + URLEncoder.encode(user, UTF_8);
    }

    /** The posts for members of a list who are still to be found. */
    static String postsOfList(String list) {
        return POSTS + "list/" + list;
    }

    /** The document that a name in the calendar leads to: a mailbox has its key for a name. */
    static String named(String name) {
        return isPosts(name) ? name : reminders(name);
    }

    static boolean isPosts(String name) {
        return name.startsWith(POSTS);
    }

    static long day(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), SECONDS_A_DAY);
    }

    /** The tasks of a list that had a reminder fired on a day, see {@link FiredDay}: a hint. */
    static String fired(String list, long day) {
        return "fired/" + list + "/" + day;
    }
}
