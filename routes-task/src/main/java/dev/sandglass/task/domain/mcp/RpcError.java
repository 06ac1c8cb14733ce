package dev.sandglass.task.domain.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import org.jspecify.annotations.Nullable;

/** A message that cannot be taken, and is answered with an error of JSON-RPC. What a tool meets is told in its result. */
public final class RpcError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final Code code;
    private final transient @Nullable JsonNode data;

    /** The kind of error: the codes of JSON-RPC 2.0, then those of the Model Context Protocol. */
    public enum Code {
        UNREADABLE(-32700),
        NO_MESSAGE(-32600),
        NO_METHOD(-32601),
        PARAMS(-32602),
        HEADERS(-32020),
        VERSION(-32022);

        private final int number;

        Code(int number) {
            this.number = number;
        }
    }

    /** @param status of HTTP */
    public RpcError(int status, Code code, String message) {
        this(status, code, message, null);
    }

    RpcError(int status, Code code, String message, @Nullable JsonNode data) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.data = data;
    }

    public int status() {
        return status;
    }

    /** @param id of the message, null where it has none that can be read */
    public ObjectNode answer(@Nullable JsonNode id) {
        ObjectNode answer = Json.object().put("jsonrpc", "2.0");
        if (id != null) {
            answer.set("id", id);
        }
        ObjectNode error = answer.putObject("error").put("code", code.number).put("message", getMessage());
        if (data != null) {
            error.set("data", data);
        }
        return answer;
    }
}
