use std::io::Read;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[0] {
        "sum" => println!("{}", words[1].parse::<i64>().unwrap() + words[2].parse::<i64>().unwrap()),
        "loop" => loop {},
        "big" => {
            let mut all: Vec<Vec<u8>> = Vec::new();
            loop {
                all.push(vec![words.len() as u8; 1 << 20]);
                if all.iter().map(|block| block[0] as usize).sum::<usize>() == usize::MAX {
                    break;
                }
            }
        }
        _ => panic!("crash"),
    }
}
