package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens of the tests' stack that the API gives nobody: with its own key. */
final class ForgedTokens {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private ForgedTokens() {}

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
        return signed("{\"alg\":\"HS256\"}", claims, "HmacSHA256", key());
    }

    /**
     * A token of any header and claims; the signature need not be the one they name.
     *
     * @param mac an algorithm of {@link Mac}
     */
    static String signed(String header, String claims, String mac, byte[] key) throws Exception {
        String signed = part(header) + "." + part(claims);
        Mac signature = Mac.getInstance(mac);
        signature.init(new SecretKeySpec(key, mac));
        return signed + "." + BASE64.encodeToString(signature.doFinal(signed.getBytes(UTF_8)));
    }

    /** The key the stack signs tokens with. */
    static byte[] key() throws Exception {
        return Base64.getUrlDecoder().decode(Stack.secret("token-key").split(",")[0]);
    }

    /** A part of a token. */
    static String part(String json) {
        return BASE64.encodeToString(json.getBytes(UTF_8));
    }
}
