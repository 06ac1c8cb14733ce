package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConformanceTest {
    private static final String ME =
            "{\"user\":\"alice\",\"timeZone\":\"Europe/Warsaw\",\"inbox\":\"i\",\"locale\":\"en\",\"weekStart\":null,\"muted\":[],\"channels\":{},\"quiet\":null}";

    @Test
    void whatTheDocumentHasIsTaken() throws Exception {
        hold("GET", "/api/me", 200, "application/json", ME);
        hold(
                "GET",
                "/api/me?x=1",
                422,
                "application/problem+json",
                "{\"type\":\"about:blank\",\"status\":422,\"title\":\"Unprocessable Content\"}");
        hold("DELETE", "/api/tasks/a.1", 204, "", "");
        // No call of the document's.
        hold("GET", "/api/nope", 404, "application/problem+json", "{}");
        hold("PUT", "/api/me", 405, "application/problem+json", "{}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "GET /api/me 201 application/json {}",
                "GET /api/me 200 application/json {}",
                "GET /api/me 200 text/html {}",
                "GET /api/tasks/a.1 200 application/problem+json {}",
                "POST /api/ops/dead-letters/resend 404 application/problem+json {}"
            })
    void whatItDoesNotHaveIsRefused(String method, String path, int status, String type, String body) {
        assertThrows(AssertionError.class, () -> hold(method, path, status, type, body));
    }

    private static void hold(String method, String path, int status, String type, String body) throws Exception {
        HttpHeaders headers = HttpHeaders.of(
                type.isEmpty() ? Map.of() : Map.of("Content-Type", List.of(type)), (name, value) -> true);
        Conformance.hold(
                method,
                path,
                new Api.Answer(status, body.isEmpty() ? MissingNode.getInstance() : Api.JSON.readTree(body), headers));
    }
}
