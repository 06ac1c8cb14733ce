package dev.sandglass.support;

import java.util.Base64;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.keys.HmacKey;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;

/**
 * The keys of one secret: the first signs, all are accepted. So after an exchange of the key, older signatures stay valid.
 *
 * @param values in Base64, the alphabet for URLs; at least one
 */
public record HmacKeys(List<String> values) {

    /** The key that signs. */
    public HmacKey signing() {
        return key(values.get(0));
    }

    /** All accepted keys, the signing one first. */
    public List<HmacKey> all() {
        return values.stream().map(HmacKeys::key).toList();
    }

    /** Finds the key of a signature. */
    public VerificationKeyResolver accepted() {
        JwksVerificationKeyResolver keys = new JwksVerificationKeyResolver(
                all().stream().<JsonWebKey>map(OctetSequenceJsonWebKey::new).toList());
        keys.setDisambiguateWithVerifySignature(true);
        return keys;
    }

    private static HmacKey key(String value) {
        return new HmacKey(Base64.getUrlDecoder().decode(value));
    }
}
