use std::io::Read;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[0] {
        "sum" => println!("{}", words[1].parse::<i64>().unwrap() + words[2].parse::<i64>().unwrap()),
        "loop" => loop {},
        "big" => {
            let mut all = Vec::new();
            loop {
                all.push(vec![1u8; 1 << 20]);
                std::hint::black_box(&all);
            }
        }
        _ => panic!("crash"),
    }
}
