package dev.sandglass.support.domain;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a user wants to be told beside the feed. A user names a mailbox, a topic or a URL, and never a server: that is the operator's, by
 * the binding they set up for it, so that no user sends a service to a place of their choice.
 *
 * @param channel {@code email}, {@code ntfy} or {@code webhook}
 * @param text a mail address, a topic of the operator's ntfy server, a URL at a host that has a binding
 */
public record ChannelAddress(String channel, String text) {
    public static final String EMAIL = "email";
    public static final String NTFY = "ntfy";
    public static final String WEBHOOK = "webhook";

    public static final List<String> CHANNELS = List.of(EMAIL, NTFY, WEBHOOK);

    /** How the names of their bindings begin, which are the service's own. */
    private static final String BINDING = "channel-";

    private static final String LABELS =
            "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*";
    /** RFC 5322's dot-atom, and a domain: no name, no comment, nothing that separates addresses. */
    private static final Pattern MAIL = Pattern.compile(
            "(?=.{3,254}$)(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
                    + LABELS);

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1");

    public static final int MOST_PORT = 65_535;

    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern URL = Pattern.compile("(?=.{1,1000}$)[Hh][Tt][Tt][Pp][Ss]?://" + LABELS
            + "(?::[1-9]\\d{0,4})?(?:/[A-Za-z0-9%._~!$&'()*+,;=:@/-]*)?(?:\\?[A-Za-z0-9%._~!$&'()*+,;=:@/?-]*)?");
    /** @throws IllegalArgumentException with a sentence for a person */
    public ChannelAddress {
        switch (channel) {
            case EMAIL -> check(MAIL.matcher(text).matches(), "must be a mail address, as alice@example.com");
            case NTFY -> check(TOPIC.matcher(text).matches(), "must be a topic, 1 to 64 of A-Z a-z 0-9 _ -");
            case WEBHOOK ->
                check(
                        URL.matcher(text).matches() && isWhole(text),
                        "must be an http or https URL of at most 1000 characters, without user and fragment, with a port"
                                + " of 1 to 65535 or none, and with no . or .. and no empty part in its path");
            default -> throw new IllegalArgumentException("there is no channel " + channel);
        }
    }

    private static void check(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static boolean isWhole(String url) {
        try {
            URI read = URI.create(url);
            return read.getHost() != null && read.getPort() <= MOST_PORT && CleanPath.is(read);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Tells if a Dapr binding of this name is one for a channel. */
    public static boolean isBinding(String name) {
        return name.startsWith(BINDING);
    }

    /** The name of the Dapr binding for it: one for mail, one for ntfy, one for each host of webhooks. */
    public String binding() {
        if (!channel.equals(WEBHOOK)) {
            return BINDING + channel;
        }
        URI url = URI.create(text);
        String port = url.getPort() < 0 ? "" : "." + url.getPort();
        return BINDING + channel + "." + url.getHost().toLowerCase(Locale.ROOT) + port;
    }

    /** True for a URL of the machine that calls it. */
    public boolean isThisMachine() {
        return channel.equals(WEBHOOK)
                && THIS_MACHINE.contains(URI.create(text).getHost().toLowerCase(Locale.ROOT));
    }

    /** The part of a URL behind its host; empty for other channels. */
    public String path() {
        if (!channel.equals(WEBHOOK)) {
            return "";
        }
        URI url = URI.create(text);
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return Objects.requireNonNullElse(url.getRawPath(), "") + query;
    }
}
