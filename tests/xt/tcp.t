: filter OUTPUT,INPUT,FORWARD
-p tcp -m tcp                                   ; = ; OK
    tcp ; yes
    tcp len=40 ; yes
    tcp len=39 ; hotdrop                        # no whole header
    tcp len=20 ; hotdrop
    tcp len=39 path=input ; hotdrop
    tcp len=39 path=forward ; hotdrop
    tcp doff=0 ; yes                            # nobody asks for options
    udp ; no
    tcp frag=1 ; hotdrop                        # would overwrite the flags of a tiny first fragment
    tcp frag=1 len=20 ; hotdrop
    tcp frag=1 path=forward ; hotdrop
    tcp frag=2 ; no
    tcp frag=2 len=22 ; no
    tcp mf ; yes
    tcp mf len=36 ; hotdrop
-p tcp -m tcp --dport 22                        ; = ; OK
    tcp dport=22 ; yes
    tcp dport=21 ; no
    tcp dport=23 ; no
    tcp sport=22 dport=23 ; no
    tcp dport=22 path=input ; yes
    tcp dport=22 path=forward ; yes
    tcp dport=22 mf path=input ; unreached
-p tcp -m tcp --sport 1:2 --dport 80:90         ; = ; OK
    tcp sport=0 dport=80 ; no
    tcp sport=1 dport=80 ; yes
    tcp sport=2 dport=90 ; yes
    tcp sport=3 dport=90 ; no
    tcp sport=2 dport=91 ; no
    tcp sport=2 dport=79 ; no
-p tcp -m tcp ! --sport 1:2 ! --dport 80        ; = ; OK
    tcp sport=0 dport=81 ; yes
    tcp sport=1 dport=81 ; no
    tcp sport=3 dport=80 ; no
    tcp sport=3 dport=79 ; yes
    tcp sport=3 dport=79 frag=3 ; no            # inversion does not make a fragment match
    tcp sport=3 dport=79 frag=1 ; hotdrop
    tcp len=24 ; hotdrop
-p tcp -m tcp --sport 0:65535 --dport 0         ; -p tcp -m tcp --dport 0 ; OK
    tcp dport=0 ; yes
    tcp dport=1 ; no
-p tcp -m tcp ! --sport 0:65535                 ; -p tcp -m tcp ; OK     # never true; the text cannot say it
    tcp ; no
    tcp len=20 ; hotdrop
-p tcp --dport ssh                              ; -p tcp -m tcp --dport 22 ; OK
-p tcp --dport :1023                            ; -p tcp -m tcp --dport 0:1023 ; OK
    tcp dport=1023 ; yes
    tcp dport=1024 ; no
-p tcp --dport 1024:                            ; -p tcp -m tcp --dport 1024:65535 ; OK
    tcp dport=65535 ; yes
    tcp dport=1023 ; no
patch 4 0a 00 05 00                             ; -p tcp -m tcp --dport 10:5 ; OK
    tcp dport=7 ; no
-p tcp --syn                                    ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN ; OK
    tcp flags=SYN ; yes
    tcp flags=SYN,ECE,CWR ; yes
    tcp flags=SYN,PSH,URG ; yes
    tcp flags=SYN,ACK ; no
    tcp flags=RST ; no
    tcp frag=6 flags=SYN ; no
-p tcp ! --syn                                  ; -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN ; OK
    tcp flags=SYN ; no
    tcp flags=SYN,ACK ; yes
    tcp flags= ; yes
    tcp frag=6 flags=ACK ; no
-p tcp -m tcp --tcp-flags ALL NONE              ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE ; OK
    tcp flags= ; yes
    tcp flags=ECE,CWR ; yes
    tcp flags=FIN ; no
-p tcp -m tcp --tcp-flags ALL ALL               ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG FIN,SYN,RST,PSH,ACK,URG ; OK
    tcp flags=FIN,SYN,RST,PSH,ACK,URG ; yes
    tcp flags=FIN,SYN,RST,PSH,ACK ; no
-p tcp -m tcp --tcp-flags NONE NONE             ; -p tcp -m tcp ; OK
    tcp flags=FIN ; yes
-p tcp -m tcp --tcp-flags SYN ACK               ; = ; OK                 # never equal
    tcp flags=SYN,ACK ; no
-p tcp -m tcp ! --tcp-flags SYN ACK             ; = ; OK
    tcp flags=SYN,ACK ; yes
    tcp frag=2 ; no
patch 9 c0 40                                   ; -p tcp -m tcp ! --tcp-flags NONE NONE ; OK     # ECE without CWR: no names
    tcp flags=ECE ; no
    tcp flags=ECE,CWR ; yes
    tcp flags=ACK ; yes
-p tcp -m tcp --tcp-option 2                    ; = ; OK
    tcp opts=020405b4 ; yes
    tcp opts=01010101 ; no
    tcp opts=01020405b4000000 ; yes
    tcp opts=00020405b4000000 ; yes             # the end of the list does not end the search
    tcp opts=0303070204050000 ; yes
    tcp opts=0300020400000000 ; yes             # a length of 0 counts as one byte: finds the 2 two bytes on
    tcp opts=03ff020400000000 ; no              # a length beyond the end
    tcp opts=01010103 ; no                      # the last byte has no length
    tcp opts=01010102 ; yes                     # the kind is enough
    tcp ; no                                    # no options
    tcp doff=4 ; hotdrop
    tcp doff=0 ; hotdrop
    tcp doff=6 ; hotdrop                        # options that are not there
    tcp opts=020405b4 len=43 ; hotdrop
    tcp opts=020405b4 len=44 ; yes
    tcp opts=020405b4 frag=2 ; no
-p tcp -m tcp ! --tcp-option 2                  ; = ; OK
    tcp opts=020405b4 ; no
    tcp opts=01010101 ; yes
    tcp ; yes
    tcp doff=4 ; hotdrop
    tcp doff=7 ; hotdrop
    tcp frag=2 ; no
-p tcp -m tcp --dport 80 --tcp-option 8         ; = ; OK
    tcp dport=81 doff=3 ; no                    # ports fail first
    tcp dport=80 doff=3 ; hotdrop
    tcp dport=80 opts=080a00000000000000000000 ; yes
patch 8 00 00 00 08                             ; -p tcp -m tcp --dport 80 ! --tcp-option 0 ; OK    # inverted without an option: no condition
    tcp dport=80 ; yes
    tcp dport=80 doff=3 ; yes
patch 11 10                                     ;   ; FAIL invflags 0x10
-p tcp -m tcp --sport 5 ! --dport 6 --tcp-flags SYN SYN ! --tcp-option 3 ; -p tcp -m tcp --sport 5 ! --dport 6 ! --tcp-option 3 --tcp-flags SYN SYN ; OK
    tcp sport=5 dport=7 flags=SYN ; yes
    tcp sport=5 dport=7 flags=SYN opts=03030701 ; no
    tcp sport=5 dport=7 flags=ACK opts=03030701 doff=4 ; no
6 -p tcp -m tcp --dport 443                     ; = ; OK
    tcp dport=443 ; yes
    tcp dport=442 ; no
    tcp dport=443 len=60 ; yes
    tcp dport=443 len=59 ; hotdrop
    hop=8 tcp dport=443 ; yes
    dst-opts=8 routing=8 tcp dport=443 ; yes
    mf tcp dport=443 ; yes
    frag=1 tcp dport=443 ; no                   # the offset is in bytes here: never 1
    frag=100 tcp dport=443 ; no
    frag=1 tcp dport=443 path=input ; no
    tcp dport=443 path=input ; yes
    tcp dport=443 path=forward ; yes
    frag=2 after=hop=8 tcp ; hotdrop
    udp dport=443 ; no
6 -p tcp -m tcp ! --tcp-flags SYN,RST,ACK SYN   ; = ; OK
    tcp flags=SYN ; no
    tcp flags=ACK ; yes
    frag=4 tcp flags=ACK ; no
6 -p tcp -m tcp --tcp-option 4                  ; = ; OK
    tcp opts=04020101 ; yes
    tcp opts=01010101 ; no
    tcp doff=4 ; hotdrop
    tcp opts=04020101 len=62 ; hotdrop
-p tcp -m tcp --dport 65536                     ;   ; FAIL invalid port/service
-p tcp -m tcp --dport 9:7                       ;   ; FAIL invalid portrange
-p tcp -m tcp --tcp-option 256                  ;   ; FAIL Bad TCP option
-p tcp -m tcp --tcp-flags ALL                   ;   ; FAIL tcp-flags
-m tcp --dport 22                               ;   ; FAIL Invalid argument
! -p tcp -m tcp                                 ;   ; FAIL Invalid argument
-p udp -m tcp                                   ;   ; FAIL Invalid argument
bytes 00 00 ff ff 00 00 ff ff 00 00 00          ;   ; FAIL 11 bytes of data, expected 12
