# Starts the program it is given and asks it for its pages.
use strict;
use warnings;
use IO::Socket::INET;

my $port = 18080;
my $program = shift or die "usage: test.pl PROGRAM\n";
my $pid = fork // die "no process: $!\n";
exec '/usr/bin/perl', $program, $port if $pid == 0;

sub ask {
    my ($path) = @_;
    for (1 .. 50) {
        my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port);
        if ($socket) {
            print $socket "GET $path HTTP/1.1\r\n\r\n";
            return join '', <$socket>;
        }
        select undef, undef, undef, 0.1;
    }
    die "it does not listen\n";
}

my %answers = map { $_ => ask($_) } '/', '/healthz', '/nothing';
kill TERM => $pid;
waitpid $pid, 0;
$answers{'/'} =~ /^HTTP\/1\.1 200 .*Good day\./s or die "no greeting: $answers{'/'}\n";
$answers{'/healthz'} =~ /200 OK/ or die "not well: $answers{'/healthz'}\n";
$answers{'/nothing'} =~ /404/ or die "found what is not there: $answers{'/nothing'}\n";
print "ok\n";
