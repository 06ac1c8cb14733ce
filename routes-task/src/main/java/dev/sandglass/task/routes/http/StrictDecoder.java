package dev.sandglass.task.routes.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sandglass.support.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads HTTP/1.1 as RFC 9112 has it. Netty is lenient where the RFC leaves a choice, and a proxy before this port may choose otherwise:
 * then the two do not agree where a request ends. So what can be read in two ways is not read.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
    private static final Pattern TARGET = Pattern.compile("/[!-~&&[^#]]*|https?://[!-~&&[^#]]+");
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern AUTHORITY = Pattern.compile("[!-~&&[^/?#@]]+:\\d{1,5}");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
    /** RFC 9112 section 7.1. */
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,7})([ \\t]*;[\\t -~]*)?");

    private static final int LINE_BREAK = 2;
    /** The most of one head; a browser behind proxies sends some thirty. */
    private static final int MOST_HEADERS = 100;
    /** The most of one body. Each costs as much as some hundred bytes. */
    private static final int MOST_CHUNKS = 10_000;

    private static final int LONGEST_CHUNK_LINE = 256;
    /** Bytes of one caller's heads that have begun and not ended. Who sends a head at once has none. */
    private static final long MOST_IN_HEADS = 2_000_000;

    private final AtomicLong inHeads;
    /** This connection's part of it. */
    private long held;

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private boolean old;
    private boolean inHead;
    private boolean headEnded;
    private boolean inBody;
    private boolean inChunks;
    private int chunks;
    /** Bytes to the next line that says how long a chunk is. */
    private long left;

    /** @param inHeads of all connections of the caller */
    StrictDecoder(HttpServerOptions options, AtomicLong inHeads) {
        super(options);
        this.inHeads = inHeads;
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) throws Exception {
        int came = message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        headEnded = false;
        super.channelRead(channel, message);
        hold(inBody || channel.isRemoved() ? 0 : headEnded ? actualReadableBytes() : held + came);
        if (held > 0 && inHeads.get() > MOST_IN_HEADS) {
            throw new DecoderException(new Problem(503, "Too many of your requests have heads that do not end"));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext channel) throws Exception {
        hold(0);
        super.channelInactive(channel);
    }

    /** The rest of the connection is read by nobody. */
    @Override
    protected void handlerRemoved0(ChannelHandlerContext channel) throws Exception {
        hold(0);
        super.handlerRemoved0(channel);
    }

    private void hold(long now) {
        inHeads.addAndGet(now - held);
        held = now;
    }

    @Override
    protected void decode(ChannelHandlerContext channel, ByteBuf received, List<Object> out) throws Exception {
        bytes = received;
        if (inHead) {
            refuseFolds();
        }
        if (inChunks && left == 0) {
            readSizeOfChunk();
        }
        int before = bytes.readerIndex();
        int parts = out.size();
        boolean chunk = inChunks;
        super.decode(channel, bytes, out);
        if (chunk) {
            left -= bytes.readerIndex() - before;
        }
        for (Object part : out.subList(parts, out.size())) {
            inBody = !(part instanceof LastHttpContent);
        }
    }

    @Override
    protected HttpMessage createMessage(String[] line) {
        old = line[2].equals("HTTP/1.0");
        require(old || line[2].equals("HTTP/1.1"), "the version is not HTTP/1.1");
        String target = line[1];
        require(
                switch (line[0]) {
                    case "CONNECT" -> AUTHORITY.matcher(target).matches();
                    case "OPTIONS" ->
                        target.equals("*") || TARGET.matcher(target).matches();
                    default -> TARGET.matcher(target).matches();
                },
                "the address is none");
        inHead = true;
        refuseFolds();
        // Netty takes the first of several lengths where the version is the old one.
        return super.createMessage(new String[] {line[0], target, "HTTP/1.1"});
    }

    /** Asked when the head is read, before the length of the body is taken from it. */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        inHead = false;
        headEnded = true;
        HttpHeaders headers = message.headers();
        int count = 0;
        for (Map.Entry<String, String> header : headers) {
            require(++count <= MOST_HEADERS, "it has more than " + MOST_HEADERS + " headers");
            require(NAME.matcher(header.getKey()).matches(), "the name of a header is none");
            require(header.getValue().chars().noneMatch(StrictDecoder::isControl), "a header has a control character");
        }
        if (old) {
            message.setProtocolVersion(HttpVersion.HTTP_1_0);
        }
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        require(hosts == 1 || hosts == 0 && old, "Host must be given once");
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        require(
                lengths.isEmpty()
                        || lengths.size() == 1 && LENGTH.matcher(lengths.get(0)).matches(),
                "Content-Length must be one number");
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        require(lengths.isEmpty() || codings.isEmpty(), "Content-Length and Transfer-Encoding exclude each other");
        require(
                codings.isEmpty()
                        || !old && codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"),
                "Transfer-Encoding must be chunked alone");
        // A draft of WebSocket had eight bytes behind a head that does not say so. Netty reads them.
        require(!headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1), "WebSocket must be that of RFC 6455");
        if (headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
            // Vert.x does not find it among other options.
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        inChunks = !codings.isEmpty();
        chunks = 0;
        left = 0;
        return super.isContentAlwaysEmpty(message);
    }

    /** Netty would append a line that begins with white space to the one before. */
    private void refuseFolds() {
        int line = bytes.readerIndex();
        while (line < bytes.writerIndex() && bytes.getByte(line) != '\r') {
            require(bytes.getByte(line) != ' ' && bytes.getByte(line) != '\t', "a header goes on in the next line");
            int end = bytes.indexOf(line, bytes.writerIndex(), (byte) '\n');
            line = end < 0 ? bytes.writerIndex() : end + 1;
        }
    }

    /** Netty takes white space before the size, and anything behind white space after it. */
    private void readSizeOfChunk() {
        int start = bytes.readerIndex();
        int end = bytes.indexOf(start, bytes.writerIndex(), (byte) '\n');
        require(
                end - start <= LONGEST_CHUNK_LINE && (end >= 0 || bytes.readableBytes() <= LONGEST_CHUNK_LINE),
                "the line before a chunk is too long");
        if (end >= 0) {
            int length = Math.max(0, end + 1 - LINE_BREAK - start);
            Matcher line = CHUNK.matcher(bytes.toString(start, length, ISO_8859_1));
            require(line.matches(), "the size of a chunk is none");
            require(++chunks <= MOST_CHUNKS, "the body is in too many chunks");
            int size = Integer.parseInt(line.group(1), 16);
            left = (long) length + LINE_BREAK + size + LINE_BREAK;
            inChunks = size > 0;
        }
    }

    private static boolean isControl(int c) {
        return c < ' ' && c != '\t' || c == 0x7f;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Unreadable(otherwise);
        }
    }

    /** Says what a request is not, as a part of a sentence. */
    static final class Unreadable extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Unreadable(String why) {
            super(why);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
