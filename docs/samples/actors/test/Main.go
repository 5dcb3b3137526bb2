package main

import "fmt"

func main() {
	var word string
	var a, b int64
	fmt.Scan(&word)
	switch word {
	case "sum":
		fmt.Scan(&a, &b)
		fmt.Println(a + b)
	case "loop":
		for {
			a++
		}
	case "big":
		for all := [][]byte{}; ; {
			block := make([]byte, 1<<20)
			for i := range block {
				block[i] = 1
			}
			all = append(all, block)
		}
	default:
		panic("crash")
	}
}
