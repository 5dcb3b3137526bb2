program Main;
var
  line: string;
  a, b, count: int64;
  block: pointer;
begin
  readln(line);
  if line = 'sum' then begin
    readln(a, b);
    writeln(a + b);
  end;
  count := 0;
  if line = 'loop' then while true do count := count + 1;
  if line = 'big' then while true do begin
    getmem(block, 1048576);
    fillchar(block^, 1048576, 1);
  end;
  if line = 'crash' then halt(3);
end.
