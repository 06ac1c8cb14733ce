package dev.sandglass.task.routes.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.HmacKeys;
import dev.sandglass.support.Secrets;
import dev.sandglass.support.SidecarUp;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Request;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jose4j.keys.HmacKey;

/**
 * Seals the cursors that are given out, and checks the seal. So a route only gets a cursor that was made here for the same user and
 * call. Its text: the route's cursor, a dot, the seal.
 */
@Singleton
@Named("cursors")
public class Cursors {
    private static final int SEAL_BYTES = 16;

    private final Secrets secrets;
    private volatile List<HmacKey> keys = List.of();

    public Cursors(Secrets secrets) {
        this.secrets = secrets;
    }

    /** The key signs tickets too: the service waits for it, for both. */
    void learn(@Observes SidecarUp sidecar) {
        keys = new HmacKeys(secrets.all("ticket-key")).all();
    }

    /**
     * Seals {@code next} of the answer.
     *
     * @param answer an {@link Answer}, or the JSON text another service answered
     * @param operation the operationId of the call
     */
    public Answer seal(@Body Object answer, @ExchangeProperty("request") Request request, String operation) {
        ObjectNode body = answer instanceof Answer made
                ? (ObjectNode) Objects.requireNonNull(made.body())
                : Json.read(answer.toString(), ObjectNode.class);
        if (body.hasNonNull("next")) {
            String cursor = body.path("next").asText();
            body.put("next", cursor + "." + seal(keys.get(0), operation, request.user(), cursor));
        }
        return Answer.ok(body);
    }

    /** Tells if a cursor was given to this user, for this call. */
    public boolean fits(String operation, String user, String given) {
        int dot = given.lastIndexOf('.');
        byte[] mark = given.substring(dot + 1).getBytes(UTF_8);
        return dot > 0
                && keys.stream()
                        .map(key -> seal(key, operation, user, given.substring(0, dot))
                                .getBytes(UTF_8))
                        .anyMatch(good -> MessageDigest.isEqual(good, mark));
    }

    /**
     * The fields of a body as the parameters of a call, its cursor as the route made it. Models name no tag at all by an empty array.
     *
     * @throws Rejection INVALID where the cursor was not given to this user, for this call
     */
    public Map<String, String> parameters(
            @Body JsonNode body, @ExchangeProperty("request") Request request, String operation) {
        Map<String, String> fields = new HashMap<>();
        body.properties().stream()
                .filter(field -> !field.getValue().isNull()
                        && !(field.getValue().isArray() && field.getValue().isEmpty()))
                .forEach(field -> fields.put(field.getKey(), text(field.getValue())));
        if (fields.containsKey("cursor") && !fits(operation, request.user(), fields.getOrDefault("cursor", ""))) {
            throw Rejection.wrongCursor();
        }
        return opened(fields);
    }

    /** Several values of a parameter are separated by commas. */
    private static String text(JsonNode value) {
        return value.isArray()
                ? value.valueStream().map(JsonNode::asText).collect(Collectors.joining(","))
                : value.asText();
    }

    /** The parameters of a call, its cursor as the route made it. */
    static Map<String, String> opened(Map<String, String> query) {
        Map<String, String> opened = new HashMap<>(query);
        opened.computeIfPresent("cursor", (name, given) -> given.substring(0, Math.max(0, given.lastIndexOf('.'))));
        return opened;
    }

    private static String seal(HmacKey key, String operation, String user, String cursor) {
        // A ticket is signed with the same key, and has no line breaks.
        byte[] text = String.join("\n", "cursor", operation, user, cursor).getBytes(UTF_8);
        byte[] seal = Arrays.copyOf(HmacKeys.mac(key, text), SEAL_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(seal);
    }
}
