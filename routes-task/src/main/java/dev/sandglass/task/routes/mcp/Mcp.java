package dev.sandglass.task.routes.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Fault;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.chat.ListNames;
import dev.sandglass.task.domain.mcp.RpcError;
import dev.sandglass.task.domain.mcp.RpcError.Code;
import dev.sandglass.task.domain.mcp.RpcMessage;
import dev.sandglass.task.domain.mcp.Server;
import dev.sandglass.task.domain.mcp.Tool;
import dev.sandglass.task.domain.mcp.ToolBatch;
import dev.sandglass.task.routes.http.Contract;
import dev.sandglass.task.routes.http.Requests;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.util.ObjectHelper;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** JSON-RPC in and out: the steps of {@code direct:mcp} and {@code direct:mcp.call-tool} around what the tools do. */
@Singleton
@Named("mcp")
public class Mcp {
    private final Contract contract;
    private final McpTools tools;
    private final Server server;

    Mcp(Contract contract, McpTools tools, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.contract = contract;
        this.tools = tools;
        this.server = new Server(tools.all(), version);
    }

    /**
     * Reads the body into the exchange property {@code message}.
     *
     * @throws RpcError where it is none that can be taken
     */
    public void read(Exchange exchange) {
        JsonNode given;
        try {
            given = Requests.parse(exchange.getMessage().getBody(String.class));
        } catch (Problem unreadable) {
            throw new RpcError(
                    400,
                    unreadable.status() == 400 ? Code.UNREADABLE : Code.NO_MESSAGE,
                    String.valueOf(unreadable.getMessage()));
        }
        List<Fault> faults =
                Requests.faults(Objects.requireNonNull(contract.operation("mcp").body()), given, Set.of());
        exchange.setProperty("rpcId", given.path("id"));
        if (!faults.isEmpty()) {
            Fault first = faults.get(0);
            throw new RpcError(
                    400,
                    Code.NO_MESSAGE,
                    "A message of JSON-RPC 2.0 is needed: " + (first.pointer().isEmpty() ? "the body" : first.pointer())
                            + " " + first.detail());
        }
        exchange.setProperty(
                "message",
                RpcMessage.read(
                        given,
                        new RpcMessage.Headers(
                                header(exchange, "MCP-Protocol-Version"),
                                header(exchange, "Mcp-Method"),
                                header(exchange, "Mcp-Name"))));
    }

    private static @Nullable String header(Exchange exchange, String name) {
        return exchange.getMessage().getHeader(name, String.class);
    }

    /**
     * Answers what calls no tool.
     *
     * @throws RpcError for a method that there is not
     */
    public void about(Exchange exchange) {
        RpcMessage message = exchange.getProperty("message", RpcMessage.class);
        Request request = exchange.getProperty("request", Request.class);
        if (message.id() == null) {
            respond(exchange, 202, null);
        } else {
            respond(exchange, 200, server.answer(message, tool -> tools.mayCall(request.grant(), tool)));
        }
    }

    /**
     * Puts the call into the exchange property {@code batch}, unless none of it is to be tried; then this is its answer.
     *
     * @throws RpcError where there is no such tool
     */
    public void begin(Exchange exchange) {
        RpcMessage message = exchange.getProperty("message", RpcMessage.class);
        Request request = exchange.getProperty("request", Request.class);
        Tool tool = server.called(message);
        JsonNode arguments = message.params().path("arguments");
        String key = header(exchange, "Idempotency-Key");
        // Before its first entry nothing is done, whatever it meets.
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "GET");
        try {
            exchange.setProperty(
                    "batch", tools.call(tool, request, key, arguments.isObject() ? arguments : Json.object()));
        } catch (Problem refused) {
            respond(exchange, 200, server.answer(message, ToolBatch.refused(refused.document())));
        } catch (Rejection wrong) {
            respond(
                    exchange,
                    200,
                    server.answer(message, ToolBatch.refused(Problem.of(wrong).document())));
        }
    }

    public void know(@Body ListNames names, @ExchangeProperty("batch") ToolBatch batch) {
        batch.know(names);
    }

    /**
     * The next entry becomes the request and the body, as if it came by itself.
     *
     * @throws Rejection INVALID where it names a list that is not there
     */
    public void next(Exchange exchange) {
        ToolBatch batch = exchange.getProperty("batch", ToolBatch.class);
        exchange.getMessage().removeHeaders("*");
        // A tool that reads has changed nothing, whatever it meets.
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, batch.tool().reads() ? "GET" : "POST");
        ToolBatch.Entry entry = batch.next();
        exchange.setProperty("request", entry.request());
        exchange.setProperty("query", entry.query());
        exchange.getMessage().setBody(entry.fields());
    }

    public void done(@Body Answer answer, @ExchangeProperty("batch") ToolBatch batch) {
        batch.done(answer);
    }

    /** @param problem a problem document */
    public void failed(@Body String problem, @ExchangeProperty("batch") ToolBatch batch) {
        batch.failed(Json.read(problem, ObjectNode.class));
    }

    /** Answers a call that was tried. */
    public void told(Exchange exchange) {
        RpcMessage message = exchange.getProperty("message", RpcMessage.class);
        ToolBatch batch = exchange.getProperty("batch", ToolBatch.class);
        respond(exchange, 200, server.answer(message, batch.result()));
    }

    public void refuse(Exchange exchange, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception caught) {
        RpcError error = ObjectHelper.getException(RpcError.class, caught);
        JsonNode id = exchange.getProperty("rpcId", JsonNode.class);
        respond(
                exchange,
                error.status(),
                error.answer(id != null && (id.isTextual() || id.isIntegralNumber()) ? id : null));
    }

    private static void respond(Exchange exchange, int status, @Nullable ObjectNode answer) {
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        exchange.getMessage().setHeader("Cache-Control", "no-store");
        if (answer == null) {
            exchange.getMessage().setBody(null);
        } else {
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
            exchange.getMessage().setBody(answer.toString());
        }
    }
}
