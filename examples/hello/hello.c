/* Hello: a small HTTP server. One request at a time, no state, no dependencies but the C library. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef VERSION
#define VERSION "unversioned"
#endif

enum { request_limit = 4096, backlog = 64 };

static int starts_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static const char *answer_to(const char *request, const char **status) {
    *status = "200 OK";
    if (starts_with(request, "GET /healthz ")) return "ok\n";
    if (starts_with(request, "GET / ")) return "hello from version " VERSION "\n";
    *status = "404 Not Found";
    return "not found\n";
}

static void write_all(int connection, const char *data, size_t size) {
    while (size > 0) {
        ssize_t written = write(connection, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        data += written;
        size -= (size_t)written;
    }
}

static void serve(int connection) {
    char request[request_limit + 1] = {0};
    ssize_t size = read(connection, request, request_limit);
    if (size <= 0) return;
    const char *status;
    const char *body = answer_to(request, &status);
    char response[512];
    int length = snprintf(response, sizeof response,
                          "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                          status, strlen(body), body);
    write_all(connection, response, (size_t)length);
}

static int listen_on(int port) {
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
        bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, backlog) < 0) {
        perror("hello");
        exit(1);
    }
    return listener;
}

static void stop(int signal_number) {
    (void)signal_number;
    _exit(0);
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "--version") == 0) return puts(VERSION) < 0;
    int port = count > 1 ? atoi(arguments[1]) : 8080;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, stop);
    int listener = listen_on(port);
    printf("hello %s listens on port %d\n", VERSION, port);
    fflush(stdout);
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection < 0) continue;
        serve(connection);
        close(connection);
    }
}
