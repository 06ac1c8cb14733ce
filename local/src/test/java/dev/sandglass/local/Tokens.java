package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens of the tests' stack that the API gives nobody: with its own key. */
final class Tokens {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Tokens() {}

    /** A user's token that runs out then. */
    static String until(String user, Instant end) throws Exception {
        String claims = Api.JSON.writeValueAsString(Map.of(
                "iss",
                "sandglass-local",
                "sub",
                user,
                "iat",
                Instant.now().getEpochSecond(),
                "exp",
                end.getEpochSecond()));
        String signed = part("{\"alg\":\"HS256\"}") + "." + part(claims);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key(), "HmacSHA256"));
        return signed + "." + BASE64.encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    }

    private static byte[] key() throws Exception {
        JsonNode secrets =
                Api.JSON.readTree(Path.of(Stack.DATA.toString(), "secrets.json").toFile());
        return Base64.getUrlDecoder().decode(secrets.path("token-key").asText().split(",")[0]);
    }

    private static String part(String json) {
        return BASE64.encodeToString(json.getBytes(UTF_8));
    }
}
