set -e
tr a-z A-Z < in.txt > out.txt
echo '{"Outputs": ["out.txt"]}' > return.json
