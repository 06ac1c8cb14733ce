package dev.sandglass.support;

import java.util.Base64;
import java.util.List;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.mac.MacUtil;

/**
 * The keys of one secret: the first signs, all are accepted. So after an exchange of the key, older signatures stay valid.
 *
 * @param values in Base64, the alphabet for URLs; at least one
 */
public record HmacKeys(List<String> values) {

    public HmacKey signing() {
        return key(values.get(0));
    }

    /** All accepted keys, the signing one first. */
    public List<HmacKey> all() {
        return values.stream().map(HmacKeys::key).toList();
    }

    /** Reads tokens (JWT, RFC 7519) that are signed with one of the keys and have an end. */
    public JwtConsumerBuilder reader() {
        JwksVerificationKeyResolver accepted = new JwksVerificationKeyResolver(
                all().stream().<JsonWebKey>map(OctetSequenceJsonWebKey::new).toList());
        accepted.setDisambiguateWithVerifySignature(true);
        return new JwtConsumerBuilder()
                .setVerificationKeyResolver(accepted)
                .setJwsAlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.HMAC_SHA256)
                .setRequireExpirationTime();
    }

    /** Makes a token of claims. */
    public String sign(JwtClaims claims) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setPayload(claims.toJson());
            signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
            signature.setKey(signing());
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("this key cannot sign tokens", e);
        }
    }

    /** HMAC-SHA256 (RFC 2104). */
    public static byte[] mac(HmacKey key, byte[] bytes) {
        try {
            return MacUtil.getInitializedMac(MacUtil.HMAC_SHA256, key).doFinal(bytes);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HmacKey key(String value) {
        return new HmacKey(Base64.getUrlDecoder().decode(value));
    }
}
