package dev.sandglass.task.domain.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.mcp.RpcError.Code;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of JSON-RPC 2.0 to a server of the Model Context Protocol.
 *
 * @param id null of a notification, which is not answered
 * @param modern of the revision in which each request says all there is to know; older ones begin with {@code initialize}
 */
public record RpcMessage(@Nullable JsonNode id, String method, JsonNode params, boolean modern) {
    static final String MODERN = "2026-07-28";
    /** Revisions that begin with {@code initialize}, the newest first. The first of all, 2025-03-26, has batches of messages. */
    static final List<String> LEGACY = List.of("2025-11-25", "2025-06-18");

    static final List<String> VERSIONS = List.of(MODERN, LEGACY.get(0), LEGACY.get(1));

    private static final String META = "io.modelcontextprotocol/";
    private static final String CALL = "tools/call";
    private static final String ENCODED = "=?base64?";
    private static final String END = "?=";

    /** The headers of a request that repeat its message, for programs that stand between. */
    public record Headers(
            @Nullable String version,
            @Nullable String method,
            @Nullable String name) {}

    /**
     * Reads a message. One that names no revision is taken as of an older one; those do not differ here.
     *
     * @param given a message, held against its schema
     * @throws RpcError where headers and message do not go together, or the revision is none of these
     */
    public static RpcMessage read(JsonNode given, Headers headers) {
        String method = given.path("method").asText();
        JsonNode params = given.path("params");
        JsonNode meta = params.path("_meta");
        JsonNode version = meta.path(META + "protocolVersion");
        if (!given.has("id")) {
            if (headers.version != null) {
                know(headers.version);
            }
            return new RpcMessage(null, method, params, false);
        }
        if (version.isMissingNode() && (headers.version == null || method.equals("initialize"))) {
            return new RpcMessage(given.get("id"), method, params, false);
        }
        if (headers.version == null) {
            throw new RpcError(400, Code.HEADERS, "The header MCP-Protocol-Version is missing");
        }
        if (!version.isMissingNode()) {
            match("MCP-Protocol-Version", headers.version, version.asText());
        }
        know(headers.version);
        boolean modern = headers.version.equals(MODERN);
        if (modern) {
            if (version.isMissingNode()
                    || !meta.path(META + "clientCapabilities").isObject()) {
                throw new RpcError(
                        400,
                        Code.PARAMS,
                        "params._meta needs " + META + "protocolVersion and " + META + "clientCapabilities");
            }
            match("Mcp-Method", headers.method, method);
            if (method.equals(CALL)) {
                match("Mcp-Name", decoded(headers.name), params.path("name").asText());
            }
        }
        return new RpcMessage(given.get("id"), method, params, modern);
    }

    private static void know(String version) {
        if (!VERSIONS.contains(version)) {
            throw new RpcError(
                    400,
                    Code.VERSION,
                    "Unsupported protocol version",
                    Json.object().put("requested", version).set("supported", Json.tree(VERSIONS)));
        }
    }

    private static void match(String header, @Nullable String said, String meant) {
        if (!meant.equals(said)) {
            throw new RpcError(
                    400,
                    Code.HEADERS,
                    "Header mismatch: " + header
                            + (said == null ? " is missing" : " is '" + said + "', the message has '" + meant + "'"));
        }
    }

    private static @Nullable String decoded(@Nullable String header) {
        if (header == null
                || header.length() < ENCODED.length() + END.length()
                || !header.startsWith(ENCODED)
                || !header.endsWith(END)) {
            return header;
        }
        try {
            String text = header.substring(ENCODED.length(), header.length() - END.length());
            return new String(Base64.getDecoder().decode(text), UTF_8);
        } catch (IllegalArgumentException e) {
            return header;
        }
    }

    /** Tells if it calls a tool. */
    public boolean isCall() {
        return id != null && method.equals(CALL);
    }

    /** The error that answers this message where it is wrong. Older clients take a 4xx for the end of a session. */
    RpcError wrong(int status, Code code, String why) {
        return new RpcError(modern ? status : 200, code, why);
    }

    /** The answer, as the message's revision has it. */
    ObjectNode answer(ObjectNode result, ObjectNode server) {
        if (modern) {
            result.put("resultType", "complete");
            result.putObject("_meta").set(META + "serverInfo", server);
        }
        return Json.object().put("jsonrpc", "2.0").<ObjectNode>set("id", id).set("result", result);
    }
}
