const [word, a, b] = require('fs').readFileSync('/dev/stdin', 'utf8').trim().split(/\s+/);
if (word === 'sum') console.log(Number(a) + Number(b));
else if (word === 'loop') for (;;);
else if (word === 'big') for (const all = []; ; ) all.push(new Array(1 << 17).fill(all.length));
else throw new Error('crash');
