package dev.sandglass.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * The hash chain over the changes of a list: {@code hash = SHA-256(prev + SHA-256(content))}, both in lower-case hexadecimal, where
 * the content is the change without {@code prev} and {@code hash} as canonical JSON (RFC 8785). The chain is over hashes of
 * contents, so that a content can be erased one day and the chain still be verified.
 */
public final class Chain {
    private Chain() {}

    /** The hash that belongs to a change, given as JSON; its own {@code hash}, if any, does not count. */
    public static String hash(JsonNode change) {
        return link(change.path("prev").asText(), content(change));
    }

    /** SHA-256 of the change's content, without its place in the chain. */
    public static String content(JsonNode change) {
        ObjectNode content = Json.object();
        content.setAll((ObjectNode) change);
        content.remove(List.of("prev", "hash"));
        try {
            return sha256(new JsonCanonicalizer(content.toString()).getEncodedString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String link(String prev, String content) {
        return sha256(prev + content);
    }

    /** Lower-case hexadecimal SHA-256 (FIPS 180-4) of a text in UTF-8. */
    public static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
