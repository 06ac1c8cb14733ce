package dev.sandglass.support.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that a user can name, and addresses that they cannot. */
class ChannelAddressTest {
    @ParameterizedTest
    @CsvSource({
        "email, alice+tasks@mail.example.com, channel-email, ''",
        "email, o-hara@localhost, channel-email, ''",
        "ntfy, my_Topic-1, channel-ntfy, ''",
        "webhook, https://hooks.example.com, channel-webhook.hooks.example.com, ''",
        "webhook, HTTPS://Hooks.Example.com/A/b?c=d&e=/, channel-webhook.hooks.example.com, /A/b?c=d&e=/",
        "webhook, http://127.0.0.1:9999/hook, channel-webhook.127.0.0.1.9999, /hook",
        "webhook, http://127.0.0.1:65535/, channel-webhook.127.0.0.1.65535, /",
        "webhook, https://h.example.com/a%2Fb/, channel-webhook.h.example.com, /a%2Fb/",
        "webhook, https://h.example.com/@other.example.com, channel-webhook.h.example.com, /@other.example.com"
    })
    void anAddressLeadsToABindingOfTheOperators(String channel, String text, String binding, String path) {
        ChannelAddress address = new ChannelAddress(channel, text);
        assertEquals(binding, address.binding());
        assertEquals(path, address.path());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alice",
                "@example.com",
                "alice@",
                "alice@example.com\r\nBcc: eve@example.com",
                "alice@example.com\n",
                "alice@example.com;eve@example.com",
                "alice@example.com,eve@example.com",
                "Alice <alice@example.com>",
                "alice@example..com",
                "alice@-example.com",
                "alice@[127.0.0.1]",
                "\"a b\"@example.com",
                "alice @example.com",
                "al\u0000ice@example.com"
            })
    void noMailAddressHasMoreThanOneOrAHeader(String text) {
        assertThrows(IllegalArgumentException.class, () -> new ChannelAddress("email", text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hooks.example.com",
                "ftp://hooks.example.com/a",
                "https://alice:secret@hooks.example.com/a",
                "https://hooks.example.com#a",
                "https://hooks.example.com/a/../b",
                "https://hooks.example.com/..",
                "https://hooks.example.com//b",
                "https://hooks.example.com/a/%2e%2e/b",
                "https://hooks.example.com/a%2F..%2Fb",
                "https://hooks.example.com/a%5c..%5cb",
                "https://hooks.example.com/a%0d%0aX: y",
                "https://hooks.example.com/a\\b",
                "https://hooks.example.com/a b",
                "https://hooks.example.com:0/",
                "https://hooks.example.com:65536/",
                "https://hooks.example.com:99999/",
                "https://hooks.example.com:-1/",
                "https://[::1]/",
                "https://",
                "https:///a",
                "https://hooks.example.com\\@evil.example.com/",
                "https://hooks.example.com/a%zz",
                "https://hooks.example.com./"
            })
    void noUrlLeavesItsHost(String text) {
        assertThrows(IllegalArgumentException.class, () -> new ChannelAddress("webhook", text));
    }

    @Test
    void aTopicIsNoPathAndThereIsNoOtherChannel() {
        assertThrows(IllegalArgumentException.class, () -> new ChannelAddress("ntfy", "a/b"));
        assertThrows(IllegalArgumentException.class, () -> new ChannelAddress("ntfy", "a".repeat(65)));
        assertThrows(IllegalArgumentException.class, () -> new ChannelAddress("sms", "a"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ChannelAddress("webhook", "https://hooks.example.com/" + "a".repeat(1_000)));
    }
}
