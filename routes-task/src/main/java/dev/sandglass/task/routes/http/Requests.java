package dev.sandglass.task.routes.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import dev.sandglass.support.Problem;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Fault;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of requests. */
@Singleton
@Named("requests")
public class Requests {
    /** Values, field names and brackets of a body. The largest that a call takes has some hundred; each costs memory when it is read. */
    private static final int MOST_TOKENS = 10_000;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Contract contract;

    Requests(Contract contract) {
        this.contract = contract;
    }

    /**
     * The body of a call, as {@code openapi.yaml} wants it: known fields, of their types, lengths and formats. What
     * hangs on other fields or on the state of things is not looked at.
     *
     * @param body JSON (RFC 8259); no field twice, nothing behind it, 1,000 levels at most
     * @param operationId of {@code openapi.yaml}
     * @throws Problem 400 where it is no such JSON, or empty; 422 with its faults where it is wrong, has more than 10,000 values,
     *     field names and brackets, or a number that no double holds
     * @throws IllegalArgumentException where there is no such operation or it takes no body
     */
    public JsonNode read(@Body @Nullable String body, String operationId) {
        Operation operation = contract.operation(operationId);
        JsonSchema schema = operation.body();
        if (schema == null) {
            throw new IllegalArgumentException(operationId + " takes no body");
        }
        JsonNode read = parse(body);
        List<Fault> faults = faults(schema, read, operation.answered());
        if (!faults.isEmpty()) {
            throw Problem.of(Rejection.wrong(faults));
        }
        return read;
    }

    /**
     * The faults that a schema finds.
     *
     * @param servers names of fields that are the server's to set
     */
    public static List<Fault> faults(JsonSchema schema, JsonNode read, Set<String> servers) {
        try {
            return Faults.of(schema.validate(read), "", servers);
        } catch (NumberFormatException e) {
            // The double of 1e400 is infinite, and the library makes a decimal of it where it looks for it among texts.
            return List.of(new Fault("", "has a number that is too large"));
        }
    }

    /** @throws Problem 400; 422 where it has too many parts */
    public static JsonNode parse(@Nullable String body) {
        if (body == null || body.isBlank()) {
            throw new Problem(400, "The body is empty; this call needs one, in JSON");
        }
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            if (e.getOriginalMessage().startsWith("Token count")) {
                throw Problem.of(Rejection.wrong("", "has more values and fields than any call takes"));
            }
            JsonLocation at = e.getLocation();
            throw new Problem(
                    400,
                    "The body is not JSON that can be read: " + reason(e)
                            + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"));
        }
    }

    /** Not in Jackson's words: they are for programmers, and change. */
    private static String reason(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "it is nested too deep, or a number or a name is too long";
        }
        if (e instanceof MismatchedInputException) {
            return "something follows behind it";
        }
        if (e instanceof JsonEOFException) {
            return "it ends too early";
        }
        return e.getOriginalMessage().startsWith("Duplicate field") ? "a field is there twice" : "this is not JSON";
    }
}
