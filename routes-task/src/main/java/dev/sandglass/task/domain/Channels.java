package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Chain;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.ChannelAddress;
import dev.sandglass.support.domain.CleanPath;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Fault;
import dev.sandglass.time.QuietHours;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a user wants to be told beside the feed, and when not, under {@code channels/<user>}. It is no part of the user, which programs of
 * the version before write without what they do not know.
 *
 * @param v schema version of the stored value
 * @param channels by name
 * @param asked when codes were sent in the last day
 */
public record Channels(int v, @Nullable QuietHours quiet, SortedMap<String, Channel> channels, List<Instant> asked) {
    /** The uses of a channel that its user has set none for: acts of others are told only to users who ask for it. */
    private static final Set<String> USUAL = Set.of("reminders", "overdue");

    private static final Duration CODE_IS_GOOD = Duration.ofHours(1);
    /** Nobody is asked before they are sent a code: with these few nobody can be flooded. */
    private static final int MOST_CODES = 10;

    private static final Duration COUNTED = Duration.ofDays(1);

    /** Without those that look alike. 12 of them are 60 bits: a million guesses in the hour hit once in a million million times. */
    private static final String LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    private static final int CODE_LENGTH = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * @param code SHA-256 of the code that confirms it; null: it is confirmed
     * @param until for how long the code is good
     * @param uses what the user is told there
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Channel(
            String address, @Nullable String code, @Nullable Instant until, SortedSet<String> uses) {
        public Channel {
            uses = Collections.unmodifiableSortedSet(new TreeSet<>(uses));
        }

        boolean isConfirmed() {
            return code == null;
        }
    }

    /** A code to be sent to an address. */
    public record Code(String channel, String address, String code) {
        public String getOrder() {
            return Json.object()
                    .put("channel", channel)
                    .put("address", address)
                    .put("code", code)
                    .toString();
        }
    }

    /** @param codes to be sent once it is written */
    record Patched(Channels channels, List<Code> codes) {}

    public Channels {
        channels = Collections.unmodifiableSortedMap(new TreeMap<>(channels));
        asked = List.copyOf(asked);
    }

    static Channels none() {
        return new Channels(1, null, new TreeMap<>(), List.of());
    }

    static Channels of(Documents documents, String user) {
        return of(documents.get(Keys.channels(user)));
    }

    static Channels of(Stored stored) {
        return stored.absent() ? none() : stored.as(Channels.class);
    }

    boolean isConfirmed() {
        return channels.values().stream().anyMatch(Channel::isConfirmed);
    }

    /** True for a patch of which it is to be asked first what the operator has set up. */
    public static boolean takesBindings(JsonNode patch) {
        return patch.path("channels").valueStream().anyMatch(Channels::isWhereOrOfOthers);
    }

    private static boolean isWhereOrOfOthers(JsonNode channel) {
        return channel.hasNonNull("address")
                || channel.path("for").valueStream().anyMatch(use -> !USUAL.contains(use.asText()));
    }

    /**
     * True where something may wait for the end of quiet hours that are others now.
     *
     * @param patch of a user
     * @param answer to it
     */
    public static boolean mayWake(JsonNode patch, Answer answer) {
        return (patch.has("quiet") || patch.has("timeZone"))
                && answer.body() != null
                && !answer.body().path("channels").isEmpty();
    }

    /** The order for <em>reminder</em>, which has what waits. */
    public static String toWake(Request request) {
        return Json.object().put("user", request.user()).toString();
    }

    /** As the contract shows them. */
    ObjectNode shown() {
        ObjectNode shown = Json.object();
        channels.forEach((name, channel) -> {
            ObjectNode one = Json.object().put("address", channel.address).put("confirmed", channel.isConfirmed());
            shown.set(name, one.set("for", Json.tree(channel.uses)));
        });
        return shown;
    }

    /** As <em>reminder</em> needs them. */
    ObjectNode confirmed() {
        ObjectNode confirmed = Json.object();
        channels.forEach((name, channel) -> {
            if (channel.isConfirmed()) {
                ObjectNode one = Json.object().put("address", channel.address);
                confirmed.set(name, one.set("uses", Json.tree(channel.uses)));
            }
        });
        return confirmed;
    }

    /** A new code, for each time that one may be needed. */
    static String code() {
        return RANDOM.ints(CODE_LENGTH, 0, LETTERS.length())
                .mapToObj(i -> String.valueOf(LETTERS.charAt(i)))
                .collect(Collectors.joining())
                .replaceAll("....(?=.)", "$0-");
    }

    /**
     * @param patch {@code {"quiet","channels"}}, held against its schema
     * @param bindings that the operator has set up; empty where the patch does not take them
     * @param here true where webhooks of this machine take none
     * @param codes one for each channel
     * @throws Rejection INVALID with what is wrong
     */
    Patched patched(JsonNode patch, Set<String> bindings, boolean here, Map<String, String> codes, Instant now) {
        List<Fault> faults = new ArrayList<>();
        List<Code> sent = new ArrayList<>();
        SortedMap<String, Channel> all = new TreeMap<>(channels);
        JsonNode wanted = patch.path("channels");
        if (wanted.isNull()) {
            all.clear();
        }
        wanted.properties().forEach(one -> {
            String name = one.getKey();
            if (one.getValue().isNull()) {
                all.remove(name);
                return;
            }
            try {
                Channel before = all.get(name);
                Channel after = addressed(name, before, one.getValue(), bindings, here, codes, now);
                if (after != before) {
                    sent.add(new Code(name, after.address, codes.getOrDefault(name, "")));
                }
                Channel used = used(confirmed(after, one.getValue(), now), one.getValue());
                if (here && isWhereOrOfOthers(one.getValue())) {
                    refuseOthersHere(new ChannelAddress(name, used.address), used.uses, bindings);
                }
                all.put(name, used);
            } catch (Wrong wrong) {
                faults.add(new Fault("/channels/" + name + wrong.field, String.valueOf(wrong.getMessage())));
            } catch (IllegalArgumentException wrong) {
                // One that an earlier version took, too.
                faults.add(new Fault("/channels/" + name + "/address", String.valueOf(wrong.getMessage())));
            }
        });
        QuietHours hours = patch.has("quiet") ? quiet(patch.path("quiet"), faults) : quiet;
        List<Instant> recent = new ArrayList<>(
                asked.stream().filter(at -> at.plus(COUNTED).isAfter(now)).toList());
        sent.forEach(code -> recent.add(now));
        if (!sent.isEmpty() && recent.size() > MOST_CODES) {
            faults.add(new Fault("/channels", MOST_CODES + " codes a day are sent for you, not more"));
        }
        if (!faults.isEmpty()) {
            throw Rejection.wrong(faults);
        }
        return new Patched(new Channels(v, hours, all, recent), sent);
    }

    /** The quiet hours once these are patched; null where there are none, or they are wrong. */
    private @Nullable QuietHours quiet(JsonNode hours, List<Fault> faults) {
        if (hours.isNull()) {
            return null;
        }
        ObjectNode merged = quiet == null ? Json.object() : Json.tree(quiet);
        merged.setAll((ObjectNode) hours);
        List<Fault> missing = Stream.of("from", "to")
                .filter(field -> !merged.has(field))
                .map(field -> new Fault("/quiet/" + field, field + " is needed"))
                .toList();
        faults.addAll(missing);
        if (!missing.isEmpty()) {
            return null;
        }
        try {
            return new QuietHours(
                    merged.path("from").asText(), merged.path("to").asText());
        } catch (IllegalArgumentException e) {
            faults.add(new Fault("/quiet", String.valueOf(e.getMessage())));
            return null;
        }
    }

    /** A field of a channel is wrong. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;
        private final String field;

        Wrong(String field, @Nullable String message) {
            super(message, null, false, false);
            this.field = field;
        }
    }

    /** The channel with the address that is wanted: the one before where that is confirmed already, or no other is wanted. */
    private static Channel addressed(
            String name,
            @Nullable Channel before,
            JsonNode patch,
            Set<String> bindings,
            boolean here,
            Map<String, String> codes,
            Instant now)
            throws Wrong {
        String address = patch.path("address").asText(null);
        if (address == null) {
            if (before == null) {
                throw new Wrong("", "needs an address");
            }
            return before;
        }
        ChannelAddress read = new ChannelAddress(name, address);
        if (before != null && before.address.equals(address) && (before.isConfirmed() || patch.hasNonNull("code"))) {
            return before;
        }
        reach(read, bindings, here);
        return new Channel(
                address,
                hash(codes.getOrDefault(name, "")),
                now.plus(CODE_IS_GOOD),
                before == null ? new TreeSet<>(USUAL) : before.uses);
    }

    /**
     * Looks that there is a way to an address: the operator's binding, or none to this machine where it takes none.
     *
     * @throws IllegalArgumentException with a sentence for a person
     */
    static void reach(ChannelAddress address, Collection<String> bindings, boolean here) {
        if (bindings.contains(address.binding())) {
            return;
        }
        if (!(here && address.isThisMachine())) {
            throw new IllegalArgumentException(missing(address));
        }
        CleanPath.check(URI.create(address.text()));
    }

    private static String missing(ChannelAddress address) {
        String what = switch (address.channel()) {
            case ChannelAddress.EMAIL -> "has set up no mail";
            case ChannelAddress.NTFY -> "has set up no ntfy server";
            default -> "has not set up webhooks to this host and port";
        };
        return "the operator of this Sandglass " + what + ": it takes the component " + address.binding()
                + " (docs/operations.md, Channels)";
    }

    /** Without any binding nothing is written down of what others do, so that it costs nothing. */
    private static void refuseOthersHere(ChannelAddress address, Set<String> uses, Set<String> bindings) throws Wrong {
        if (address.isThisMachine() && !bindings.contains(address.binding()) && !USUAL.containsAll(uses)) {
            throw new Wrong(
                    "/for", "of shared and completed nothing is told to this machine by itself: " + missing(address));
        }
    }

    private static Channel confirmed(Channel channel, JsonNode patch, Instant now) throws Wrong {
        String code = patch.path("code").asText(null);
        if (code == null || channel.isConfirmed()) {
            return channel;
        }
        boolean right = channel.until != null
                && now.isBefore(channel.until)
                && hash(code).equals(channel.code);
        if (!right) {
            throw new Wrong("/code", "is not the last code that was sent to this address, or its hour is over");
        }
        return new Channel(channel.address, null, null, channel.uses);
    }

    private static Channel used(Channel channel, JsonNode patch) {
        if (!patch.has("for")) {
            return channel;
        }
        JsonNode uses = patch.path("for");
        SortedSet<String> all = new TreeSet<>(uses.isNull() ? USUAL : Set.of());
        uses.forEach(use -> all.add(use.asText()));
        return new Channel(channel.address, channel.code, channel.until, all);
    }

    /** As people write a code down. */
    private static String hash(String code) {
        String plain = code.toUpperCase(Locale.ROOT).replaceAll("[\\s-]", "");
        return Chain.sha256(plain);
    }

    /** A code for each channel. */
    static Map<String, String> codes() {
        Map<String, String> codes = new HashMap<>();
        ChannelAddress.CHANNELS.forEach(channel -> codes.put(channel, code()));
        return codes;
    }
}
