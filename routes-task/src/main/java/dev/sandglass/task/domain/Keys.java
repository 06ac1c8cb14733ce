package dev.sandglass.task.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/** Where things lie. Dapr State has no scan: what must be found is numbered without a hole, or hangs on a key that is known. */
public final class Keys {
    public static final int SHARDS = 256;

    private Keys() {}

    /** {@link Head} */
    public static String head(String list) {
        return "list/" + list;
    }

    /** {@link LedgerTask} */
    public static String task(String list, int number) {
        return "list/" + list + "/task/" + number;
    }

    /** {@link DaysOff} */
    public static String calendar(String list) {
        return "list/" + list + "/calendar";
    }

    /** {@link StoredChange} */
    public static String change(String list, long seq) {
        return "list/" + list + "/change/" + seq;
    }

    /** {@link User} */
    public static String user(String user) {
        return "user/" + name(user);
    }

    /** {@link SavedFilters} */
    public static String filters(String user) {
        return "filters/" + name(user);
    }

    /** {@link SavedTokens} */
    public static String tokens(String user) {
        return "tokens/" + name(user);
    }

    /** {@link Grant} */
    public static String token(String hash) {
        return "token/" + hash;
    }

    /** {@link SavedLinks} */
    public static String links(String list) {
        return "list/" + list + "/links";
    }

    /** {@link Link} */
    public static String link(String hash) {
        return "link/" + hash;
    }

    /** {@link SavedWebhooks} */
    public static String webhooks(String user) {
        return "webhooks/" + name(user);
    }

    /** {@link WebhookOwners} */
    static String webhookOwners(int shard) {
        return "webhook-owners/" + shard;
    }

    /** {@link dev.sandglass.support.domain.QueueCursor} */
    static String webhookCursor(String webhook) {
        return "webhook/" + webhook + "/out";
    }

    /** {@link KeptDeliveries} */
    static String deliveries(String webhook) {
        return "webhook/" + webhook + "/deliveries";
    }

    /** The number of a task by what a client of CalDAV calls it: {@link Named}. */
    public static String dav(String list, String hash) {
        return "list/" + list + "/dav/" + hash;
    }

    /** {@link SavedCalendars} */
    public static String calendars(String user) {
        return "dav/" + name(user);
    }

    /** {@link Channels} */
    public static String channels(String user) {
        return "channels/" + name(user);
    }

    /** {@link SavedImports} */
    public static String imports(String user) {
        return "imports/" + name(user);
    }

    /** {@link ImportPlan} */
    public static String importPlan(String user, String id) {
        return "import/" + name(user) + "/" + name(id);
    }

    /** {@link ImportPart} */
    public static String importPart(String user, String id, int part) {
        return importPlan(user, id) + "/" + part;
    }

    /** {@link Imported} */
    public static String imported(String user, int bucket) {
        return "imported/" + name(user) + "/" + bucket;
    }

    /** {@link IdempotencyRecord} */
    public static String once(String user, String hash) {
        return "once/" + name(user) + "/" + hash;
    }

    /** The question a conversation waits with. */
    public static String chat(String user, String conversation) {
        return "chat/" + name(user) + "/" + name(conversation);
    }

    /** Issuers name users as they like, clients their conversations; Dapr takes no {@code ||} in a key. */
    private static String name(String given) {
        return URLEncoder.encode(given, UTF_8);
    }

    /** {@link Erasures} */
    static final String ERASURES = "erasures";

    /** {@link Pending} */
    public static String pending(int shard) {
        return "pending/" + shard;
    }

    /**
     * {@link Moved}
     *
     * @param slot {@link Moved#slot}
     */
    static String moved(int shard, long slot) {
        return "moved/" + shard + "/" + slot;
    }

    /** {@link Awaiting} */
    public static String awaiting(int shard) {
        return "awaiting/" + shard;
    }

    /** How many lists of a shard there are: {@link ListCount}. */
    public static String lists(int shard) {
        return "lists/" + shard;
    }

    /** The id of one of them. */
    public static String lists(int shard, int number) {
        return "lists/" + shard + "/" + number;
    }

    public static int shard(String list) {
        return Math.floorMod(list.hashCode(), SHARDS);
    }
}
