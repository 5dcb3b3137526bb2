# Tries: to break the terminal, the log or the report of whoever reads its output
# Verdict: WrongAnswer
import sys
sys.stdout.buffer.write(b'\x1b[2J\x1b]0;title\x07\x00\xff\xfe\xc0\x80\r\n' + '\u202e\ud7ff'.encode() + b'</script><script>alert(1)</script>\n')
sys.stderr.buffer.write(bytes(range(256)) * 100)
