package dev.sandglass.task.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.networknt.schema.JsonSchema;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Problem.Fault;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of requests. */
@Singleton
@Named("requests")
public class Requests {
    private final Contract contract;

    Requests(Contract contract) {
        this.contract = contract;
    }

    /**
     * The body of a call, as {@code openapi.json} wants it: known fields, of their types, lengths and formats. What
     * hangs on other fields or on the state of things is not looked at.
     *
     * @param body JSON (RFC 8259); no field twice, nothing behind it, 1,000 levels at most
     * @param operationId of {@code openapi.json}
     * @throws Problem 400 where it is no such JSON, or empty; 422 with every fault where it is wrong
     * @throws IllegalArgumentException where there is no such operation or it takes no body
     */
    public JsonNode read(@Body @Nullable String body, String operationId) {
        Operation operation = contract.operation(operationId);
        JsonSchema schema = operation.body();
        if (schema == null) {
            throw new IllegalArgumentException(operationId + " takes no body");
        }
        JsonNode read = parse(body);
        List<Fault> faults = Faults.of(schema.validate(read), "", operation.answered());
        if (!faults.isEmpty()) {
            throw Problem.wrong(faults);
        }
        return read;
    }

    /** @throws Problem 400 */
    static JsonNode parse(@Nullable String body) {
        if (body == null || body.isBlank()) {
            throw new Problem(400, "The body is empty; this call needs one, in JSON");
        }
        try {
            return Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
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
