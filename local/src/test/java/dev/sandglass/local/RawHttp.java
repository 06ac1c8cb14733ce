package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP as bytes: what no library would send, and all that comes back. A text stands for its bytes in ISO 8859-1. */
final class RawHttp {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
    private static final Pattern CHUNKED = Pattern.compile("(?i)\r\ntransfer-encoding: *chunked");
    private static final int SWITCHING = 101;

    private RawHttp() {}

    /** @param status 0 for what is no answer */
    record Answer(int status, String head, String body) {}

    /**
     * The bytes that came on one connection.
     *
     * @param all every byte of it
     * @param closed the server ended it
     */
    record Said(List<Answer> answers, String all, boolean closed) {}

    /** @param patience how long to wait for the next byte, at most */
    static Said say(int port, String request, Duration patience) throws IOException {
        ByteArrayOutputStream came = new ByteArrayOutputStream();
        boolean closed = true;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
            socket.setSoTimeout((int) patience.toMillis());
            try {
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                socket.getInputStream().transferTo(came);
            } catch (SocketTimeoutException e) {
                closed = false;
            } catch (IOException e) {
                // Closed while it was still being written to; a word before that has come all the same.
                drain(socket, came);
            }
        }
        String all = came.toString(ISO_8859_1);
        return new Said(answers(all), all, closed);
    }

    private static void drain(Socket socket, ByteArrayOutputStream into) {
        try {
            socket.getInputStream().transferTo(into);
        } catch (IOException e) {
            // Nothing more comes.
        }
    }

    private static List<Answer> answers(String all) {
        List<Answer> answers = new ArrayList<>();
        int at = 0;
        while (at < all.length()) {
            int end = all.indexOf("\r\n\r\n", at);
            String head = end < 0 ? all.substring(at) : all.substring(at, end);
            Matcher line = STATUS.matcher(head + " ");
            int status = end >= 0 && line.lookingAt() ? Integer.parseInt(line.group(1)) : 0;
            int start = end + 4;
            if (status == 0 || status == SWITCHING) {
                answers.add(new Answer(status, head, status == 0 ? "" : all.substring(start)));
                return answers;
            }
            StringBuilder body = new StringBuilder();
            at = body(all, head, start, body);
            if (status >= 200) {
                answers.add(new Answer(status, head, body.toString()));
            }
        }
        return answers;
    }

    /** @return where the next answer begins */
    private static int body(String all, String head, int start, StringBuilder body) {
        Matcher length = LENGTH.matcher(head);
        int at = start;
        if (CHUNKED.matcher(head).find()) {
            int line;
            int size = -1;
            while (size != 0 && (line = all.indexOf("\r\n", at)) >= 0) {
                size = Integer.parseInt(all.substring(at, line), 16);
                int end = Math.min(all.length(), line + 2 + size);
                body.append(all, line + 2, end);
                at = Math.min(all.length(), end + 2);
            }
        } else if (length.find()) {
            at = Math.min(all.length(), start + Integer.parseInt(length.group(1)));
            body.append(all, start, at);
        }
        return at;
    }
}
